import { parseCron } from "./schedule/cron-expression";
import type { Schedule } from "./schedule/schedule";

/** The first slot after an instant. */
export function nextSlot(schedule: Schedule, after: Date): Date {
  if (schedule.kind === "interval") {
    const everyMs = schedule.everySeconds * 1000;
    return new Date((Math.floor(after.getTime() / everyMs) + 1) * everyMs);
  }
  const next = parseCron(schedule.expression).nextRun(after);
  if (!next) throw new Error(`"${schedule.expression}" has no time after ${after.toISOString()}`);
  return next;
}

/** The first so many slots after an instant. */
export function nextSlots(schedule: Schedule, after: Date, count: number): Date[] {
  const slots: Date[] = [];
  for (let slot = after; slots.length < count; slots.push(slot)) slot = nextSlot(schedule, slot);
  return slots;
}

/** The slot that an instant belongs to: the last one at or before it. */
export function slotAt(schedule: Schedule, instant: Date): Date {
  if (schedule.kind === "interval") {
    const everyMs = schedule.everySeconds * 1000;
    return new Date(Math.floor(instant.getTime() / everyMs) * everyMs);
  }
  // What comes before is asked for exclusively.
  const justAfter = new Date(instant.getTime() + 1);
  const [slot] = parseCron(schedule.expression).previousRuns(1, justAfter);
  if (!slot) throw new Error(`"${schedule.expression}" has no time up to ${instant.toISOString()}`);
  return slot;
}

/** The slots in `[from, until)`, oldest first. */
export function slotsBetween(schedule: Schedule, from: Date, until: Date): Date[] {
  const slots: Date[] = [];
  let slot = nextSlot(schedule, new Date(from.getTime() - 1));
  while (slot < until) {
    slots.push(slot);
    slot = nextSlot(schedule, slot);
  }
  return slots;
}

/** The newest slots strictly between two instants, at most `limit`, oldest first. */
export function newestSlotsBetween(
  schedule: Schedule,
  after: Date,
  before: Date,
  limit: number,
): Date[] {
  if (schedule.kind === "cron") {
    const newestFirst = parseCron(schedule.expression).previousRuns(limit, before);
    return newestFirst.filter((slot) => slot > after).reverse();
  }
  const everyMs = schedule.everySeconds * 1000;
  const last = slotAt(schedule, new Date(before.getTime() - 1)).getTime();
  const first = Math.max(last - (limit - 1) * everyMs, nextSlot(schedule, after).getTime());
  const slots: Date[] = [];
  for (let slot = first; slot <= last; slot += everyMs) slots.push(new Date(slot));
  return slots;
}
