import { limits } from "@fermata/contract";

/** How fine `lastSeenAt` is: open streams refresh it this often, all of a process's in one statement. */
export const seenStepSeconds = 15;
/** A peer counts as online this long after its stream broke. */
export const graceSeconds = 30;
/** A peer that was not seen for this long loses its seat when somebody else needs it. */
export const seatHoldSeconds = 120;
/** A page that is reloaded comes back within this time, before somebody else may get its seat. */
export const reloadSeconds = 3;
/** What goes on in rooms is sampled this often, and shown for this long. */
export const activity = { stepSeconds: 300, keptSeconds: 24 * 3600 };
/** Long before the retention, and longer than any two reconnects are apart. */
export const staleCursorMs = (limits.signaling.messageSeconds * 1000) / 4;
