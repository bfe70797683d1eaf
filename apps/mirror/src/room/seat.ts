import { openStorage, readKept } from "../browser-storage";
import type { RoomLink } from "./invite-link";

/** A seat that this tab took: a reload goes straight back to it. */
export interface Seat {
  link: RoomLink;
  displayName: string;
  /** When the call began, in `Date.now()`. */
  sinceMs: number;
}

const key = "mirror.seat";
const storage = openStorage("sessionStorage");

export function keepSeat(seat: Seat): void {
  storage.setItem(key, JSON.stringify(seat));
}

export function leaveSeat(): void {
  storage.removeItem(key);
}

/** The seat in that room, if this tab has one. */
export function readSeat(link: RoomLink | null): Seat | null {
  const seat = readKept(storage, key) as Seat | null;
  const same = seat?.link?.roomId === link?.roomId && seat?.link?.server === link?.server;
  return same ? seat : null;
}
