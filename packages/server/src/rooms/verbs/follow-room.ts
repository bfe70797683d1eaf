import type { signaling } from "@fermata/contract";
import { type TrackedEnvelope, tracked } from "@trpc/server";
import type { z } from "zod";
import type { RequestContext } from "../../context";
import { toAppError } from "../../ground/errors";
import { RoomReading } from "../log/room-reading";
import { requirePeer } from "../seats/require-peer";

type Input = z.output<typeof signaling.messages.input>;
type RoomStream = AsyncGenerator<
  TrackedEnvelope<z.output<typeof signaling.messages.output>>,
  void,
  undefined
>;

/**
 * Every message for the caller after its cursor, then every new one, until the client goes, the platform cuts the
 * stream or the peer may listen no more. It never returns: a client takes that for the end and does not come back.
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
  const { presence } = input;
  const reading = new RoomReading(ctx, { peer, presence, wake: () => wake() });
  const onAbort = () => wake();
  signal?.addEventListener("abort", onAbort);
  try {
    for (let events = await reading.start(input.lastEventId); ; ) {
      for (const { id, data } of events) yield tracked(id, data);
      if (signal?.aborted) throw abortError();
      const next = reading.next();
      if (next?.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      events = next ?? (await reading.readLog());
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    reading.close();
  }
}

/** Ends a stream whose client is gone, without the word that the subscription is complete. */
function abortError() {
  return new DOMException("the client is gone or is to come again", "AbortError");
}
