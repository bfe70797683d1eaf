import type { RoomSample } from "@fermata/contract";

export interface Hour {
  start: Date;
  /** The most at any one time; null for an hour in which no server ran. */
  rooms: number | null;
  peers: number | null;
  /** In the whole hour. */
  messages: number | null;
  turnCredentials: number | null;
}

const hourMs = 3_600_000;
const shownHours = 24;

/** The last day by hours of the clock, oldest first; the last one is the hour that runs. */
export function toHours(samples: RoomSample[], stepSeconds: number, now: Date): Hour[] {
  const current = new Date(now);
  current.setMinutes(0, 0, 0);
  const first = current.getTime() - (shownHours - 1) * hourMs;
  const hours = Array.from({ length: shownHours }, (_, index): Hour => {
    const start = new Date(first + index * hourMs);
    return { start, rooms: null, peers: null, messages: null, turnCredentials: null };
  });
  for (const { at, rooms, peers, messages, turnCredentials } of samples) {
    // A sample stands at the end of its step; what it counts was before.
    const middle = Date.parse(at) - stepSeconds * 500;
    const hour = hours[Math.floor((middle - first) / hourMs)];
    if (!hour) continue;
    hour.rooms = Math.max(hour.rooms ?? 0, rooms);
    hour.peers = Math.max(hour.peers ?? 0, peers);
    hour.messages = (hour.messages ?? 0) + messages;
    hour.turnCredentials = (hour.turnCredentials ?? 0) + turnCredentials;
  }
  return hours;
}
