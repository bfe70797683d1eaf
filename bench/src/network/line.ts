import { connect, createServer, type Socket } from "node:net";

/** One line between a client and everything that it talks to. */
export interface Profile {
  upMbit: number;
  downMbit: number;
  /** There and back. */
  rttMs: number;
  /** Of a hundred packets, so many are lost. */
  lossPercent?: number;
  /** After so long every connection is reset, again and again. */
  resetEveryMs?: number;
}

export const profiles = {
  fibre: { upMbit: 300, downMbit: 300, rttMs: 15 },
  home: { upMbit: 10, downMbit: 40, rttMs: 40 },
  mobile: { upMbit: 8, downMbit: 24, rttMs: 120, lossPercent: 1 },
  flaky: { upMbit: 10, downMbit: 40, rttMs: 40, resetEveryMs: 5_000 },
} satisfies Record<string, Profile>;
export type ProfileName = keyof typeof profiles;

const packetBytes = 1460;
/** What a connection may send before it hears of anything (RFC 6928); it doubles with each round trip. */
const firstPackets = 10;
/** What waits in the line's buffer at most. */
const bufferMs = 100;

/** One direction of a line, shared by all connections: a rate, and the instant at which it is free again. */
class Wire {
  #freeAtMs = 0;
  readonly #luck: () => number;

  constructor(
    readonly bytesPerMs: number,
    readonly lossPercent: number,
    seed: number,
  ) {
    this.#luck = luckFrom(seed);
  }

  /** @returns how long these bytes take until they are on the other side, without the way itself */
  take(bytes: number): number {
    const now = performance.now();
    this.#freeAtMs = Math.max(now, this.#freeAtMs) + bytes / this.bytesPerMs;
    return this.#freeAtMs - now;
  }

  /** Whether one of the next packets is lost: of every hundred the same ones, whoever sends them. */
  losesOneOf(packets: number): boolean {
    let isLost = false;
    for (let packet = 0; packet < packets; packet++) {
      if (this.#luck() * 100 < this.lossPercent) isLost = true;
    }
    return isLost;
  }

  get waitMs(): number {
    return Math.max(0, this.#freeAtMs - performance.now());
  }
}

export interface Line {
  /** A port of 127.0.0.1 that leads, over the line, to another. */
  to(port: number): Promise<number>;
  /** Bytes that left the client. */
  sentBytes(): number;
  connections(): number;
  close(): Promise<void>;
}

/**
 * A line as TCP meets it, in a process and without privileges: the rate is shared, a connection costs a round trip before
 * its first byte, begins slowly, and a lost packet costs it a round trip and half its speed. The systems on both sides
 * still buffer; what a client counts as sent may be on its way.
 * @param seed which packets are lost
 */
export function openLine(
  { upMbit, downMbit, rttMs, lossPercent = 0, resetEveryMs }: Profile,
  seed = 1,
): Line {
  const up = new Wire((upMbit * 1e6) / 8 / 1000, lossPercent, seed);
  const down = new Wire((downMbit * 1e6) / 8 / 1000, lossPercent, seed + 1e6);
  const sockets = new Set<Socket>();
  const servers: ReturnType<typeof createServer>[] = [];
  let sent = 0;
  let connections = 0;
  const reset = resetEveryMs
    ? setInterval(() => {
        for (const socket of sockets) socket.resetAndDestroy();
      }, resetEveryMs)
    : null;

  /** Reads as fast as the line takes it, and no faster: the sender is to feel it. */
  function carry(from: Socket, to: Socket, wire: Wire, connectedAtMs: number): void {
    let windowBytes = firstPackets * packetBytes;
    let roundBytes = 0;
    let roundEndsAtMs = connectedAtMs + rttMs;
    let last = Promise.resolve();
    // Timers that end in the same millisecond need not end in order.
    const underWay: { atMs: number; piece: Buffer }[] = [];
    const deliver = () => {
      while (underWay[0] && underWay[0].atMs <= performance.now() + 0.5) {
        const { piece } = underWay.shift() as { piece: Buffer };
        if (to.writable) to.write(piece);
      }
      if (underWay[0]) setTimeout(deliver, underWay[0].atMs - performance.now());
    };
    const send = (piece: Buffer, inMs: number) => {
      underWay.push({ atMs: performance.now() + inMs, piece });
      if (underWay.length === 1) setTimeout(deliver, inMs);
    };
    from.on("data", (chunk: Buffer) => {
      if (wire === up) sent += chunk.length;
      from.pause();
      last = last.then(async () => {
        for (let at = 0; at < chunk.length; at += packetBytes * 8) {
          const piece = chunk.subarray(at, at + packetBytes * 8);
          const now = performance.now();
          if (now >= roundEndsAtMs) {
            // A window that was used up doubles; an idle one stays.
            if (roundBytes >= windowBytes) windowBytes *= 2;
            roundBytes = 0;
            roundEndsAtMs = now + rttMs;
          }
          if (roundBytes >= windowBytes) {
            await sleep(Math.max(0, roundEndsAtMs - performance.now()));
            windowBytes *= 2;
            roundBytes = 0;
            roundEndsAtMs = performance.now() + rttMs;
          }
          roundBytes += piece.length;
          const packets = Math.ceil(piece.length / packetBytes);
          if (wire.losesOneOf(packets)) {
            windowBytes = Math.max(firstPackets * packetBytes, windowBytes / 2);
            await sleep(rttMs);
          }
          const takesMs = wire.take(piece.length);
          send(piece, takesMs + rttMs / 2);
          if (wire.waitMs > bufferMs) await sleep(wire.waitMs - bufferMs);
        }
        from.resume();
      });
    });
    from.on("end", () => {
      last = last.then(async () => {
        while (underWay.length > 0) await sleep(rttMs / 2 + 1);
        to.end();
      });
    });
  }

  return {
    async to(port) {
      const server = createServer({ allowHalfOpen: true }, async (client) => {
        connections++;
        sockets.add(client);
        client.setNoDelay(true);
        client.pause();
        // The handshake.
        await sleep(rttMs);
        const target = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
        target.setNoDelay(true);
        sockets.add(target);
        const now = performance.now();
        carry(client, target, up, now);
        carry(target, client, down, now);
        for (const [one, other] of [
          [client, target],
          [target, client],
        ] as const) {
          one.on("error", () => other.destroy());
          one.on("close", () => {
            sockets.delete(one);
            if (one.destroyed && !other.writableEnded) other.destroy();
          });
        }
        client.resume();
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      if (typeof address !== "object" || !address) throw new Error("no port");
      return address.port;
    },
    sentBytes: () => sent,
    connections: () => connections,
    async close() {
      if (reset) clearInterval(reset);
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** Numbers from 0 to 1, the same ones each time (mulberry32). */
function luckFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
