import { limits, type signaling } from "@fermata/contract";
import type { z } from "zod";
import type { RequestContext } from "../../context";
import { AppError } from "../../ground/errors";
import { toCursor } from "../log/cursor";
import { findStart } from "../log/find-start";
import { readRoomLog } from "../log/room-log";
import { readAsPeer } from "../seats/read-as-peer";
import { requirePeer } from "../seats/require-peer";

/**
 * What the stream would give, once: for networks that cut streams. Pull on from the answer's cursor; it moves even when
 * there was no message for the caller.
 */
export async function pullMessages(
  ctx: RequestContext,
  input: z.output<typeof signaling.pull.input>,
): Promise<z.output<typeof signaling.pull.output>> {
  const peer = await requirePeer(ctx, input.roomId);
  const { epoch, position: start, reset } = await findStart(ctx, peer, input.after);
  const log = await readRoomLog(ctx.pool, {
    roomId: peer.roomId,
    afterSeq: start,
    limit: limits.signaling.messagesPerPull,
  });
  if (!log) throw new AppError("ROOM_CLOSED");

  const messages: z.output<typeof signaling.pull.output>["messages"] = [];
  const addReset = (seq: number) => messages.push({ kind: "reset", cursor: toCursor(epoch, seq) });
  let position = start;
  if (reset) addReset(position);
  for (const row of log.rows) {
    if (row.seq !== position + 1) addReset(row.seq - 1);
    position = row.seq;
    const event = readAsPeer(row, peer, { epoch, presence: input.presence });
    if (event) messages.push(event.data);
  }
  if (log.rows.length === 0 && log.lastSeq > position) {
    position = log.lastSeq;
    addReset(position);
  }
  return { messages, cursor: toCursor(epoch, position) };
}
