import { toFermataError } from "../api-error";

/** What this page takes and gives back, by room: until it is over, a seat may be held that nobody sits in. */
const underWay = new Map<string, Set<Promise<unknown>>>();

/** What is given up is over by then, or hangs. */
const patienceMs = 3_000;
/** What hangs longer than this holds no seat that is worth waiting for. */
const mostMs = 30_000;

/**
 * Takes a seat after whatever this page began before in the same room: a join that was given up holds a seat until its
 * answer came and the seat was given back, and a seat that was left is free once the server knows. What hangs is not
 * waited for, unless the room is full without it: then the ghost in the last seat is most likely this page's own.
 */
export function inTurn<T>(roomId: string, attempt: () => Promise<T>): Promise<T> {
  const before = [...(underWay.get(roomId) ?? [])];
  let isOver = before.length === 0;
  const over = Promise.allSettled(before).then(() => {
    isOver = true;
  });
  const run = async () => {
    if (!isOver) await within(over, patienceMs);
    const wasOver = isOver;
    try {
      return await attempt();
    } catch (error) {
      if (wasOver || toFermataError(error).code !== "ROOM_FULL") throw error;
      await within(over, mostMs);
      return await attempt();
    }
  };
  return before.length === 0 ? holding(roomId, attempt()) : holding(roomId, run());
}

/** Who takes a seat in the room from here on waits for this. */
export function holding<T>(roomId: string, task: Promise<T>): Promise<T> {
  const tasks = underWay.get(roomId) ?? new Set();
  underWay.set(roomId, tasks.add(task));
  const forget = () => {
    tasks.delete(task);
    if (tasks.size === 0 && underWay.get(roomId) === tasks) underWay.delete(roomId);
  };
  task.then(forget, forget);
  return task;
}

function within(task: Promise<unknown>, ms: number): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return Promise.race([task, patience]).finally(() => clearTimeout(timer));
}
