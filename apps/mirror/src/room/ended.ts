import type { FermataError, RoomStatus } from "@fermata/api";

/** The ways in which a call is over, each with its words and its one remedy. */
export interface Ending {
  title: string;
  detail: string;
  remedy: "back" | "again" | "home";
}

const endings: Partial<Record<RoomStatus, Ending>> = {
  left: { title: "You left", detail: "Your seat is free. The link still works.", remedy: "back" },
  kicked: {
    title: "You were put out",
    detail: "Whoever owns the room ended your seat.",
    remedy: "home",
  },
  replaced: {
    title: "Open somewhere else",
    detail: "This seat was taken over by another tab or device of yours.",
    remedy: "back",
  },
  closed: { title: "The room is closed", detail: "Ask for a new link.", remedy: "home" },
  refused: {
    title: "This link leads nowhere",
    detail: "The room is gone, or the link is not whole. Ask for a new one.",
    remedy: "home",
  },
  "seat-lost": {
    title: "Your seat was given away",
    detail: "You were gone for a while and somebody needed it.",
    remedy: "again",
  },
};

const signedOut: Ending = {
  title: "You were signed out",
  detail: "The sign-in that took your seat has ended. Sign in again, then open the room.",
  remedy: "home",
};

/** Null while the call goes on. */
export function endingOf(status: RoomStatus, error: FermataError | null = null): Ending | null {
  if (status === "kicked" && error?.details?.signedOut) return signedOut;
  return endings[status] ?? null;
}
