import type { signaling } from "@fermata/contract";
import { isTrackedEnvelope } from "@trpc/server";
import type { z } from "zod";
import type { RequestContext } from "../../context";
import { AppError, errorShapeOf, toAppError } from "../../ground/errors";
import { resolveRoomToken } from "../seats/resolve-room-token";
import { followRoom } from "./follow-room";

type Input = z.output<typeof signaling.messagesOfMany.input>;
type Output = z.output<typeof signaling.messagesOfMany.output>;

/** Beyond this a client that reads slowly is waited for. */
const mostWaiting = 64;

/**
 * `followRoom` of several rooms in one stream, for a browser whose tabs share a connection: each by its own room token.
 * A room that ends, ends alone: its error is an event, and the others go on.
 */
export async function* followRooms(
  ctx: RequestContext,
  input: Input,
  signal: AbortSignal | undefined,
): AsyncGenerator<Output, void, undefined> {
  const waiting: Output[] = [];
  const stop = new AbortController();
  const cut = () => stop.abort();
  signal?.addEventListener("abort", cut);
  let hasNews = () => {};
  let hasSpace = () => {};
  stop.signal.addEventListener("abort", () => {
    hasNews();
    hasSpace();
  });

  const put = async (event: Output) => {
    while (waiting.length >= mostWaiting && !stop.signal.aborted) {
      await new Promise<void>((resolve) => {
        const before = hasSpace;
        hasSpace = () => {
          before();
          resolve();
        };
      });
    }
    waiting.push(event);
    hasNews();
  };
  const read = async (room: number, { roomToken, ...given }: Input["rooms"][number]) => {
    try {
      const identity = await resolveRoomToken(ctx, roomToken);
      if (!identity) throw new AppError("UNAUTHENTICATED");
      const follow = { roomId: identity.roomId, ...given };
      const stream: AsyncIterable<unknown> = followRoom({ ...ctx, identity }, follow, stop.signal);
      await put({ room });
      for await (const envelope of stream) {
        if (isTrackedEnvelope<Output["event"]>(envelope)) await put({ room, event: envelope[1] });
      }
    } catch (error) {
      if (!stop.signal.aborted) await put({ room, error: factsOf(error, ctx.requestId) });
    }
  };

  const reading = input.rooms.map((room, index) => read(index, room));
  try {
    while (!signal?.aborted) {
      yield* waiting.splice(0);
      hasSpace();
      hasSpace = () => {};
      if (waiting.length > 0) continue;
      await new Promise<void>((resolve) => {
        hasNews = resolve;
        if (stop.signal.aborted) resolve();
      });
    }
    // Without the word that it is complete: the client comes back.
    throw new DOMException("the client is gone or is to come again", "AbortError");
  } finally {
    signal?.removeEventListener("abort", cut);
    stop.abort();
    await Promise.all(reading);
  }
}

function factsOf(error: unknown, requestId: string): Output["error"] {
  const { message, data } = errorShapeOf(toAppError(error), requestId);
  return { message, appCode: data.appCode, ...(data.details && { details: data.details }) };
}
