import type { PeerFailure, PeerRoomSnapshot } from "@fermata/api";
import { RefreshCw } from "lucide-react";
import { failureFacts } from "../../room/failure-facts";
import { untilText } from "../../text";

interface FailedOverlayProps {
  name: string;
  failure: PeerFailure;
  snapshot: PeerRoomSnapshot;
  until: string | null;
  /** What to name when asking for help. */
  report: string;
  onRetry(): void;
}

export function FailedOverlay(props: FailedOverlayProps) {
  const { name, failure, snapshot, until, report, onRetry } = props;
  const { reason, hint, rows } = failureFacts(failure, snapshot);
  const kept = until
    ? `The room is kept until ${untilText(until, new Date())} and the invite link still works.`
    : "The room is kept and the invite link still works.";
  return (
    <div className="overlay">
      <div className="overlay-words">
        <h3>We could not reach {name}</h3>
        <p>
          {reason} {hint} {kept}
        </p>
        <button type="button" className="button button-primary overlay-button" onClick={onRetry}>
          <RefreshCw className="icon" />
          Try again
        </button>
      </div>
      <dl className="facts">
        {[...rows, ["Report", report] as const].map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
