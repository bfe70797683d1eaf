import { Readable } from "node:stream";
import { AppError } from "../ground/errors";
import { type BodyReader, NodeBodyReader } from "./node-body-reader";

export interface BodyBounds {
  /** A client that sends nothing for this long is cut. */
  idleSeconds: number;
  /** So is one that takes longer than this altogether; where it is not said, that does not matter. */
  totalSeconds?: number;
  /** And one that is slower than this for a minute: a byte now and then only holds a connection. */
  minBytesPerSecond?: number;
}

const paceSeconds = 60;

/** What is read and thrown away of a refused body before it is answered: little, so that a small one keeps its connection. */
const discardBounds = { bytes: 256 * 1024, ms: 500 };
/** And what is once the answer is out: a connection that is closed on unread bytes takes the answer along. */
const lingerBounds = { bytes: 16 * 1024 * 1024, ms: 3_000 };

/** A request's body, as whoever hosts us has it: a web stream, or Node's own request. */
export type Body = ReadableStream<Uint8Array> | Readable | null;

/**
 * The chunks of a request's body, within bounds of time. When the consumer stops early, the rest is discarded.
 * @param stop somebody else goes on in the client's place
 * @throws AppError UPLOAD_INCOMPLETE when the client stalls or goes away, and when it is stopped
 */
export async function* readBody(
  body: Body,
  bounds: BodyBounds,
  stop?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const reader = readerOf(body);
  let waiting = false;
  let ended = false;
  let cutReason: string | null = null;
  // Cancelling ends the pending read; racing it against a promise would leak one reaction a chunk.
  const cut = (reason: string) => {
    cutReason = reason;
    reader.cancel().catch(() => {});
  };
  const takeOver = () => cut("taken over");
  stop?.addEventListener("abort", takeOver);
  if (stop?.aborted) takeOver();
  const { totalSeconds, minBytesPerSecond } = bounds;
  const total = totalSeconds && setTimeout(() => cut("too slow"), totalSeconds * 1000);
  let lately = 0;
  const pace =
    minBytesPerSecond &&
    setInterval(() => {
      // Whoever stores the bytes may be what is slow.
      if (waiting && lately < minBytesPerSecond * paceSeconds) cut("too slow");
      lately = 0;
    }, paceSeconds * 1000);
  const idle = setTimeout(() => {
    if (waiting) cut("stalled");
  }, bounds.idleSeconds * 1000);
  try {
    while (true) {
      waiting = true;
      idle.refresh();
      const { done, value } = await reader.read().catch((cause) => {
        ended = true;
        throw new AppError("UPLOAD_INCOMPLETE", { reason: "disconnected" }, undefined, { cause });
      });
      waiting = false;
      if (cutReason) throw new AppError("UPLOAD_INCOMPLETE", { reason: cutReason });
      if (done) {
        ended = true;
        return;
      }
      lately += value.byteLength;
      yield value;
    }
  } finally {
    if (total) clearTimeout(total);
    if (pace) clearInterval(pace);
    clearTimeout(idle);
    stop?.removeEventListener("abort", takeOver);
    if (!ended && !cutReason) await discard(reader, discardBounds);
    reader.releaseLock();
  }
}

/** Takes a refused request's body off the wire, within bounds. */
export async function discardBody(body: Body): Promise<void> {
  if (!body || isTaken(body)) return;
  await discard(readerOf(body), discardBounds);
}

/** The same, after the answer. What was begun to be read counts too. */
export async function lingerOn(body: Body): Promise<void> {
  if (!body || (body instanceof Readable ? body.destroyed : body.locked)) return;
  await discard(readerOf(body), lingerBounds);
}

function readerOf(body: NonNullable<Body>): BodyReader {
  return body instanceof Readable ? new NodeBodyReader(body) : body.getReader();
}

function isTaken(body: NonNullable<Body>): boolean {
  return body instanceof Readable ? body.readableFlowing !== null : body.locked;
}

async function discard(reader: BodyReader, most: { bytes: number; ms: number }): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, most.ms, null);
  });
  try {
    for (let bytes = 0; bytes < most.bytes; ) {
      // Not cancelled when it is late: that would end the connection, and with it the answer.
      const read = await Promise.race([reader.read(), late]);
      if (!read || read.done) return;
      bytes += read.value.byteLength;
    }
  } catch {
    // The client is gone; there is nobody to answer.
  } finally {
    clearTimeout(timer);
    reader.releaseLock();
  }
}
