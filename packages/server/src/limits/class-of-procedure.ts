import type { LimitClass } from "./limit-classes";

/** What costs more, or comes oftener, than its kind. */
const special: Readonly<Record<string, LimitClass>> = {
  "signaling.prepare": "joins",
  "signaling.join": "joins",
  "signaling.turnConfig": "joins",
  "signaling.send": "signals",
  "signaling.pull": "signals",
  "signaling.peers": "signals",
  "signaling.leave": "signals",
};

const byType = { query: "reads", mutation: "writes", subscription: "streams" } as const;

/**
 * The class that counts a procedure; null for what is none.
 * @param type what kind of procedure stands under that path, if any
 */
export function classOfProcedure(
  path: string,
  type: keyof typeof byType | undefined,
): LimitClass | null {
  return type ? (special[path] ?? byType[type]) : null;
}
