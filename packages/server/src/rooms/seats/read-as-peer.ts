import type { RoomMessage } from "@fermata/contract";
import { AppError } from "../../ground/errors";
import type { PeerIdentity } from "../../identity";
import { toCursor } from "../log/cursor";
import type { RoomEvent } from "../log/room-event";
import { type LeftPayload, type LogRow, marks } from "../log/room-log";

/**
 * What one row of the log means to one peer: a message, the same object for everybody, or nothing.
 * @throws AppError FORBIDDEN when the peer left, was kicked or came back on another connection; ROOM_CLOSED
 */
export function readAsPeer(
  row: LogRow,
  peer: PeerIdentity,
  options: { epoch: string; presence: boolean },
): RoomEvent<RoomMessage> | null {
  if (row.kind === marks.closed) throw new AppError("ROOM_CLOSED");
  const isPresence =
    row.kind === marks.joined || row.kind === marks.left || row.kind === marks.away;
  if (row.from === peer.peerId) {
    if (row.kind === marks.left) throw endOf(row.payload as LeftPayload | null);
    const facts = row.payload as { connection?: number } | null;
    if (row.kind === marks.joined && (facts?.connection ?? 0) > peer.connection) {
      throw new AppError("FORBIDDEN", { reason: "replaced" });
    }
    return null;
  }
  if (row.to !== null && row.to !== peer.peerId) return null;
  if (isPresence && !options.presence) return null;
  row.event ??= toEvent(row, options.epoch);
  return row.event;
}

function endOf(left: LeftPayload | null): AppError {
  const reason = left?.reason;
  if (!left?.signedOut) return new AppError("FORBIDDEN", { reason });
  return new AppError("FORBIDDEN", { reason, signedOut: true }, "You were signed out.");
}

function toEvent(row: LogRow, epoch: string): RoomEvent<RoomMessage> {
  const { seq, from, to, kind, payload, sentAt } = row;
  const cursor = toCursor(epoch, seq);
  return { id: cursor, data: { cursor, from, to, kind, payload, sentAt } };
}
