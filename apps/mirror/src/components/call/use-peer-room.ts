import type { PeerRoom, PeerRoomSnapshot, RemotePeer } from "@fermata/api";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { StepTimes } from "../../room/reconnect-steps";

const keptRoundTrips = 24;

export function useRoom(room: PeerRoom): PeerRoomSnapshot {
  return useSyncExternalStore(room.subscribe, room.getSnapshot);
}

/** The latest round trips, oldest first. */
export function useRoundTrips(peer: RemotePeer | null): readonly number[] {
  const [roundTrips, setRoundTrips] = useState<readonly number[]>([]);
  const stats = peer?.stats ?? null;
  useEffect(() => {
    const ms = stats?.rttMs ?? null;
    if (ms !== null) setRoundTrips((earlier) => [...earlier, ms].slice(-keptRoundTrips));
  }, [stats]);
  return roundTrips;
}

/** When each step of the present recovery began, since the line broke. */
export function useStepTimes(peer: RemotePeer): StepTimes {
  const { step, stateSince } = peer;
  const [kept, setKept] = useState<{ since: number; times: StepTimes }>({
    since: stateSince,
    times: {},
  });
  useEffect(() => {
    if (!step) return;
    setKept(({ since, times }) => {
      const known = since === stateSince ? times : {};
      return {
        since: stateSince,
        times: step in known ? known : { ...known, [step]: Date.now() - stateSince },
      };
    });
  }, [step, stateSince]);
  return kept.times;
}
