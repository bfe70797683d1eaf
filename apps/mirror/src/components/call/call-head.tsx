import type { PeerRoomSnapshot } from "@fermata/api";
import { useEffect, useState } from "react";
import { useNow } from "../../hooks/use-now";
import type { Call } from "../../room/call";
import { otherPeer } from "../../room/others";
import { clock } from "../../text";
import { Brand } from "../ui/brand";
import { QualityBadge } from "./quality-badge";
import { useRoundTrips } from "./use-peer-room";

export function CallHead({ call, snapshot }: { call: Call; snapshot: PeerRoomSnapshot }) {
  const now = useNow(1_000);
  const peer = otherPeer(snapshot);
  const roundTrips = useRoundTrips(peer);
  const stats = peer?.stats ?? null;
  const [last, setLast] = useState(stats);
  useEffect(() => {
    if (stats) setLast(stats);
  }, [stats]);
  const { sinceMs } = call.seat;
  return (
    <header className="call-head">
      <Brand />
      <h1>
        {call.title}
        <span className="call-time" role="timer" aria-label="Time in the room">
          {clock(now - sinceMs)}
        </span>
      </h1>
      <QualityBadge snapshot={snapshot} peer={peer} roundTrips={roundTrips} last={last} />
    </header>
  );
}
