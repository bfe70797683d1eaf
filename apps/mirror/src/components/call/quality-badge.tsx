import type { PeerRoomSnapshot, RemotePeer } from "@fermata/api";
import { CircleDashed, LoaderCircle, Route } from "lucide-react";
import { describeQuality, sparkline } from "../../room/quality";

interface QualityBadgeProps {
  snapshot: PeerRoomSnapshot;
  peer: RemotePeer | null;
  roundTrips: readonly number[];
  /** How the line was before it broke. */
  last: RemotePeer["stats"];
}

const chart = { width: 54, height: 14 };

/** How good the line is: its path, round trip and loss. */
export function QualityBadge({ snapshot, peer, roundTrips, last }: QualityBadgeProps) {
  if (snapshot.status === "joining" || snapshot.status === "idle") {
    return <Badge icon={<LoaderCircle className="icon spin" />} text="Going in" />;
  }
  if (!peer || peer.state === "left") {
    return <Badge icon={<CircleDashed className="icon" />} text="Alone in the room" />;
  }
  if (peer.state === "failed") {
    return <Badge icon={<span className="badge-ring" />} text="Not connected" />;
  }
  if (peer.state === "reconnecting") {
    const before = last && describeQuality(last);
    return (
      <Badge icon={<LoaderCircle className="icon spin badge-busy" />} text="Reconnecting">
        {before?.roundTrip && (
          <span className="badge-part badge-quiet wide-only">
            last {before.roundTrip}, {before.route.toLowerCase()}
          </span>
        )}
      </Badge>
    );
  }
  if (peer.state === "connecting" || !peer.stats) {
    return <Badge icon={<LoaderCircle className="icon spin" />} text="Connecting" />;
  }
  const { route, roundTrip, oneWay, loss, takeTurns } = describeQuality(peer.stats);
  return (
    <Badge
      icon={route === "Direct" ? <span className="badge-dot" /> : <Route className="icon" />}
      text={route}
    >
      {roundTrip && (
        <span className="badge-part">
          <svg
            className="badge-line wide-only"
            viewBox={`0 0 ${chart.width} ${chart.height}`}
            aria-hidden="true"
          >
            <polyline points={sparkline(roundTrips, chart.width, chart.height)} />
          </svg>
          <strong>{roundTrip}</strong> <span className="badge-quiet wide-only">round trip</span>
        </span>
      )}
      {oneWay && (
        <span className="badge-part wide-only">
          {oneWay} <span className="badge-quiet">until heard</span>
        </span>
      )}
      {loss && (
        <span className="badge-part wide-only">
          {loss} <span className="badge-quiet">loss</span>
        </span>
      )}
      {takeTurns && <span className="badge-part badge-busy">Take turns</span>}
    </Badge>
  );
}

interface BadgeProps {
  icon: React.ReactNode;
  text: string;
  children?: React.ReactNode;
}

function Badge({ icon, text, children }: BadgeProps) {
  return (
    <div className="badge" role="status" aria-live="off" aria-label="Connection">
      <span className="badge-part">
        {icon}
        {text}
      </span>
      {children}
    </div>
  );
}
