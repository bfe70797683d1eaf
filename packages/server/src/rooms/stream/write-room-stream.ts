import type { ServerResponse } from "node:http";
import type { Services } from "../../context";
import { errorShapeOf, toAppError } from "../../ground/errors";
import { streamBounds } from "../../ground/stream-bounds";
import type { PeerIdentity } from "../../identity";
import type { RoomEvent } from "../log/room-event";
import { RoomReading } from "../log/room-reading";
import { StreamKeeper } from "./stream-keeper";

type StreamServices = Pick<Services, "pool" | "bus" | "clock" | "log">;

/** What a client is told first: tRPC's `connected` event. */
const connectedFrame = frameOf(
  "connected",
  JSON.stringify({ reconnectAfterInactivityMs: streamBounds.reconnectAfterInactivityMs }),
);
const pingFrame = Buffer.from(frameOf("ping", ""));
const reconnectMs = { least: 500, spread: 1_000 };

const keeper = new StreamKeeper(streamBounds);

/**
 * Follows a room for one peer and writes tRPC's event stream straight into Node's response, whose head is written: what
 * `followRoom` tells, for a tenth of the memory. An event is put into bytes once for all readers of its room.
 * @param onFailure hears of what ended the stream, other than the client
 */
export function writeRoomStream(
  ctx: StreamServices,
  response: ServerResponse,
  options: {
    peer: PeerIdentity;
    cursor: string | null;
    presence: boolean;
    requestId: string;
    onFailure: (error: unknown) => void;
  },
): void {
  // Clients wait three seconds unless told; told the same, all of a restarted server's would come at once.
  const retryMs = Math.round(reconnectMs.least + Math.random() * reconnectMs.spread);
  // By itself, Node's text of the head is put into one piece when it is sent; joined to what follows, it stays thirty.
  response.flushHeaders();
  response.write(`retry: ${retryMs}\n${connectedFrame}`);
  const stream = new RoomStream(response, options);
  void stream.open(ctx, options);
}

class RoomStream {
  readonly openedAtMs = Date.now();
  readonly #response: ServerResponse;
  readonly #requestId: string;
  readonly #onFailure: (error: unknown) => void;
  #reading: RoomReading | null = null;
  /** While the log is read or the client is slow, news wait: they are found by their place, not by their announcement. */
  #isBusy = true;

  constructor(
    response: ServerResponse,
    options: { requestId: string; onFailure: (error: unknown) => void },
  ) {
    this.#response = response;
    this.#requestId = options.requestId;
    this.#onFailure = options.onFailure;
  }

  async open(
    ctx: StreamServices,
    { peer, cursor, presence }: { peer: PeerIdentity; cursor: string | null; presence: boolean },
  ): Promise<void> {
    this.#response.on("close", () => this.#close());
    keeper.add(this);
    try {
      this.#reading = new RoomReading(ctx, { peer, presence, wake: () => this.#pump() });
      this.#write(await this.#reading.start(cursor));
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#isBusy = false;
    this.#pump();
  }

  ping(): void {
    if (!this.#response.writableNeedDrain) this.#response.write(pingFrame);
  }

  /** Not the end for the client, which resumes: that would be tRPC's `return`. */
  cut(): void {
    this.#response.end();
    this.#close();
  }

  #pump(): void {
    if (this.#isBusy) return;
    try {
      while (this.#reading) {
        const events = this.#reading.next();
        if (!events) {
          void this.#readLog(this.#reading);
          return;
        }
        if (events.length === 0) return;
        if (!this.#write(events)) {
          this.#waitForDrain();
          return;
        }
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  async #readLog(reading: RoomReading): Promise<void> {
    this.#isBusy = true;
    try {
      const hasRoom = this.#write(await reading.readLog());
      this.#isBusy = false;
      if (hasRoom) this.#pump();
      else this.#waitForDrain();
    } catch (error) {
      this.#fail(error);
    }
  }

  #waitForDrain(): void {
    this.#isBusy = true;
    this.#response.once("drain", () => {
      this.#isBusy = false;
      this.#pump();
    });
  }

  /** @returns whether the client keeps up */
  #write(events: RoomEvent[]): boolean {
    const [first] = events;
    if (!first) return true;
    // A client that went meanwhile is written to in vain.
    if (events.length === 1) return this.#response.write(toFrame(first));
    return this.#response.write(Buffer.concat(events.map(toFrame)));
  }

  #fail(error: unknown): void {
    if (!this.#response.writableEnded && !this.#response.destroyed) {
      const shape = errorShapeOf(toAppError(error), this.#requestId);
      this.#response.end(frameOf("serialized-error", JSON.stringify(shape)));
      this.#onFailure(error);
    }
    this.#close();
  }

  #close(): void {
    keeper.delete(this);
    this.#reading?.close();
    this.#reading = null;
  }
}

function toFrame(event: RoomEvent): Buffer {
  event.frame ??= Buffer.from(`data: ${JSON.stringify(event.data)}\nid: ${event.id}\n\n\n`);
  return event.frame;
}

function frameOf(event: string, data: string): string {
  return `event: ${event}\ndata: ${data}\n\n\n`;
}
