import type { RoomLink } from "./invite-link";

/** A seat that this tab took: a reload goes straight back to it. */
export interface Seat {
  link: RoomLink;
  displayName: string;
  /** When the call began, in `Date.now()`. */
  sinceMs: number;
}

const key = "mirror.seat";

export function keepSeat(seat: Seat): void {
  sessionStorage.setItem(key, JSON.stringify(seat));
}

export function leaveSeat(): void {
  sessionStorage.removeItem(key);
}

/** The seat in that room, if this tab has one. */
export function readSeat(link: RoomLink | null): Seat | null {
  try {
    const seat = JSON.parse(sessionStorage.getItem(key) ?? "null") as Seat | null;
    const same = seat?.link.roomId === link?.roomId && seat?.link.server === link?.server;
    return same ? seat : null;
  } catch {
    return null;
  }
}
