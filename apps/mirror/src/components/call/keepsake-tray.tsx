import { Download, RotateCw, X } from "lucide-react";
import { useStore } from "../../hooks/use-store";
import type { Keepsake, Keepsakes } from "../../keepsakes/keepsakes";
import { sentOf } from "../../text";

/** What needs somebody first: what did not arrive, what is on its way, what was found, and then what was kept last. */
export function KeepsakeTray({ keepsakes }: { keepsakes: Keepsakes }) {
  const all = useStore(keepsakes);
  const last = (...statuses: Keepsake["status"][]) =>
    all.findLast(({ status }) => statuses.includes(status));
  const shown = last("failed") ?? last("sending", "waiting") ?? last("found") ?? all.at(-1);
  if (!shown) return null;
  const { number, title, bytes, url, status, sentBytes } = shown;
  const isGoing = status === "sending" || status === "waiting";
  const canBeSaved = !["sending", "saved", "empty"].includes(status);
  return (
    <div className="tray" data-status={status}>
      {bytes.type.startsWith("image/") && <img src={url} alt="" />}
      <div className="tray-body">
        <p>
          <strong>{title}</strong>
          <span className="tray-detail" title={shown.message ?? undefined}>
            {describe(shown)}
          </span>
        </p>
        {isGoing && (
          <div
            className="tray-progress"
            role="progressbar"
            aria-label={title}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round((sentBytes / bytes.size) * 100)}
          >
            <span
              className="tray-progress-done"
              style={{ width: `${(sentBytes / bytes.size) * 100}%` }}
            />
          </div>
        )}
      </div>
      {status === "failed" && (
        <button
          type="button"
          className="tray-button"
          aria-label={`Send ${title} again`}
          title="Send again"
          onClick={() => keepsakes.retry(number)}
        >
          <RotateCw className="icon" />
        </button>
      )}
      {canBeSaved && (
        <button
          type="button"
          className="tray-button"
          aria-label={`Save ${title} to this device`}
          title="Save to this device"
          onClick={() => keepsakes.save(number)}
        >
          <Download className="icon" />
        </button>
      )}
      <button
        type="button"
        className="tray-button"
        aria-label={isGoing ? `Cancel ${title}` : `Dismiss ${title}`}
        onClick={() => keepsakes.dismiss(number)}
      >
        <X className="icon" />
      </button>
    </div>
  );
}

function describe({ status, sentBytes, bytes, message }: Keepsake): string {
  if (status === "sending") return sentOf(sentBytes, bytes.size);
  if (status === "empty") return "Nothing was recorded";
  if (status === "found") return message ?? "found";
  return status === "failed" ? (message ?? "failed") : status;
}
