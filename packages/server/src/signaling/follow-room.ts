import { limits, type signaling } from "@fermata/contract";
import { type TrackedEnvelope, tracked } from "@trpc/server";
import type { z } from "zod";
import type { RequestContext } from "../context";
import { AppError, toAppError } from "../errors";
import { toCursor } from "./cursor";
import { findStart } from "./find-start";
import { readAsPeer } from "./read-as-peer";
import { requirePeer } from "./require-peer";
import { rowsPerRead } from "./room-feed";
import { roomFeeds } from "./room-feeds";
import { readRoomLog } from "./room-log";

type Input = z.output<typeof signaling.messages.input>;
type RoomEvent = z.output<typeof signaling.messages.output>;
type RoomStream = AsyncGenerator<TrackedEnvelope<RoomEvent>, void, undefined>;

/** Long before the retention, and longer than any two reconnects are apart. */
const staleCursorMs = (limits.signaling.messageSeconds * 1000) / 4;

/**
 * Every message for the caller after its cursor, then every new one, until the client goes, the platform cuts the
 * stream or the peer may listen no more. It never returns: a client takes that for the end and does not come back.
 *
 * With `presence`, a client that only sends now and then gets `room.cursor`, an empty message that moves its cursor
 * on, so that the purge of its own messages does not look like a loss to it.
 * @throws AppError FORBIDDEN for a peer that left, was kicked or was replaced; ROOM_CLOSED, RATE_LIMITED
 */
export async function* followRoom(
  ctx: RequestContext,
  input: Input,
  signal: AbortSignal | undefined,
): RoomStream {
  try {
    yield* follow(ctx, input, signal);
  } catch (error) {
    throw signal?.aborted ? abortError() : toAppError(error).toTrpc();
  }
}

async function* follow(
  ctx: RequestContext,
  input: Input,
  signal: AbortSignal | undefined,
): RoomStream {
  const peer = await requirePeer(ctx, input.roomId);
  let wake = () => {};
  // The live listener first, the log second: whatever happens in between is seen by both, and dropped once.
  const { feed, reader, close } = roomFeeds(ctx).open(peer, () => wake());
  const onAbort = () => wake();
  signal?.addEventListener("abort", onAbort);
  try {
    const start = await findStart(ctx, peer, input.lastEventId);
    feed.startAt(start.lastSeq);
    const { epoch } = start;
    let { position } = start;
    let skippedSince: number | null = null;
    if (start.reset) yield reset(toCursor(epoch, position));

    while (true) {
      if (signal?.aborted) throw abortError();
      let rows = feed.rowsAfter(position);
      if (!rows) {
        const log = await readRoomLog(ctx.pool, {
          roomId: peer.roomId,
          afterSeq: position,
          limit: rowsPerRead,
        });
        if (!log) throw new AppError("ROOM_CLOSED");
        rows = log.rows;
        if (rows.length === 0 && log.lastSeq > position) {
          position = log.lastSeq;
          yield reset(toCursor(epoch, position));
        }
      }
      for (const row of rows) {
        if (row.seq !== position + 1) yield reset(toCursor(epoch, row.seq - 1));
        position = row.seq;
        const message = readAsPeer(row, peer, { epoch, presence: input.presence });
        if (message) {
          skippedSince = null;
          yield tracked(message.cursor, message);
        } else skippedSince ??= Date.parse(row.sentAt);
      }
      if (rows.length > 0 || position < feed.position) continue;

      // Rows first: what was said before the end is still for this peer.
      if (reader.ended) throw reader.ended;
      const now = ctx.clock.now();
      if (input.presence && skippedSince !== null && now.getTime() - skippedSince > staleCursorMs) {
        skippedSince = null;
        const cursor = toCursor(epoch, position);
        const { peerId: from } = peer;
        const facts = { from, to: from, kind: "room.cursor", payload: null };
        yield tracked(cursor, { cursor, ...facts, sentAt: now.toISOString() });
        continue;
      }
      if (signal?.aborted) throw abortError();
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    close();
  }
}

function reset(cursor: string) {
  return tracked<RoomEvent>(cursor, { kind: "reset", cursor });
}

/** Ends a stream whose client is gone, without the word that the subscription is complete. */
function abortError() {
  return new DOMException("the client is gone or is to come again", "AbortError");
}
