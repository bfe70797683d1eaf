import type { ProcedureType } from "@trpc/server";
import type { RequestContext } from "../context";
import { classOfProcedure } from "./class-of-procedure";

export interface AskedProcedure {
  /** As it stands among ours: `files.list`. */
  path: string;
  /** Undefined where no procedure stands under that path. */
  type: ProcedureType | undefined;
  getRawInput(): Promise<unknown>;
}

/**
 * Counts a procedure that is called, by its class, against everybody it comes from: of a seat in a room against the room,
 * and of somebody who takes one against the room that is asked for. Nothing else waits.
 * @throws AppError RATE_LIMITED with `retryAfterSeconds`
 */
export function countProcedure(
  { identity, clientAddress: address, limits }: RequestContext,
  { path, type, getRawInput }: AskedProcedure,
): Promise<void> | undefined {
  const name = classOfProcedure(path, type);
  if (!name) return undefined;
  const userId = identity?.userId ?? null;
  const seatIn = identity?.kind === "peer" ? identity.roomId : null;
  if (name === "joins" && !seatIn) {
    return getRawInput().then((input) =>
      limits.allow(name, { userId, roomId: roomOf(input), address }),
    );
  }
  limits.allow(name, { userId, roomId: seatIn, address });
  return undefined;
}

/** Of an input that nothing has parsed yet. */
function roomOf(input: unknown): string | null {
  if (typeof input !== "object" || input === null || !("roomId" in input)) return null;
  return typeof input.roomId === "string" ? input.roomId : null;
}
