import type { PeerStats } from "@fermata/api";

/** Above this, two people cannot play at once: they take turns. */
const turnsMs = 120;

export interface Quality {
  route: "Direct" | "Relayed";
  roundTrip: string | null;
  /** How late the other side is heard here. */
  oneWay: string | null;
  /** In percent, with one digit. */
  loss: string | null;
  takeTurns: boolean;
}

export function describeQuality({ route, rttMs, latencyMs, packetLoss }: PeerStats): Quality {
  return {
    route: route === "direct" ? "Direct" : "Relayed",
    roundTrip: rttMs === null ? null : `${Math.round(rttMs)} ms`,
    oneWay: latencyMs === null ? null : `${Math.round(latencyMs)} ms`,
    loss: packetLoss === null ? null : `${(packetLoss * 100).toFixed(1)} %`,
    takeTurns: rttMs !== null && rttMs > turnsMs,
  };
}

/** The points of a line through the latest round trips, in a box of `width` x `height`. */
export function sparkline(roundTripsMs: readonly number[], width: number, height: number): string {
  if (roundTripsMs.length < 2) return "";
  // At least 20 ms high, so that a quiet line looks quiet.
  const top = Math.max(20, ...roundTripsMs) * 1.1;
  const step = width / (roundTripsMs.length - 1);
  return roundTripsMs
    .map((ms, index) => `${(index * step).toFixed(1)},${(height * (1 - ms / top)).toFixed(1)}`)
    .join(" ");
}
