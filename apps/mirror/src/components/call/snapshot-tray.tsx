import { RotateCw, X } from "lucide-react";
import { useStore } from "../../hooks/use-store";
import type { Snapshot, Snapshots } from "../../snapshots/snapshots";
import { sentOf } from "../../text";

/** The latest picture, on its way. */
export function SnapshotTray({ snapshots }: { snapshots: Snapshots }) {
  const latest = useStore(snapshots).at(-1);
  if (!latest) return null;
  const { number, url, status, sentBytes, totalBytes } = latest;
  const title = `Snapshot ${number}`;
  const isGoing = status === "sending" || status === "waiting";
  return (
    <div className="tray" data-status={status}>
      <img src={url} alt="" />
      <div className="tray-body">
        <p>
          <strong>{title}</strong>
          <span className="tray-detail">{describe(latest)}</span>
        </p>
        {isGoing && (
          <div
            className="tray-progress"
            role="progressbar"
            aria-label={title}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round((sentBytes / totalBytes) * 100)}
          >
            <span
              className="tray-progress-done"
              style={{ width: `${(sentBytes / totalBytes) * 100}%` }}
            />
          </div>
        )}
      </div>
      {status === "failed" && (
        <button
          type="button"
          className="tray-button"
          aria-label={`Send ${title} again`}
          onClick={() => snapshots.retry(number)}
        >
          <RotateCw className="icon" />
        </button>
      )}
      <button
        type="button"
        className="tray-button"
        aria-label={isGoing ? `Cancel ${title}` : `Dismiss ${title}`}
        onClick={() => snapshots.dismiss(number)}
      >
        <X className="icon" />
      </button>
    </div>
  );
}

function describe({ status, sentBytes, totalBytes, message }: Snapshot): string {
  if (status === "sending") return sentOf(sentBytes, totalBytes);
  return status === "failed" ? (message ?? "failed") : status;
}
