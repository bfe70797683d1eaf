import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import {
  allocateRequest,
  type LongTermCredentials,
  messageLength,
  readReply,
  releaseRequest,
  type TurnReply,
  type TurnRequest,
} from "./turn-message";

/** How a relay took it. */
export type RelayOutcome =
  | { kind: "relays"; tookMs: number }
  /** The quota of this user, or of the relay, is used up. */
  | { kind: "full" }
  /** It is there and does not let these credentials in. */
  | { kind: "refused"; errorCode: number }
  | { kind: "unreachable"; reason: string };

/** As long as a browser looks for candidates, about. */
const timeoutMs = 5_000;
/** UDP loses packets: so long after the first try, and twice as long after each one. */
const firstRetryMs = 250;
/** A nonce may be stale by the time it is used; a relay that never takes one is broken. */
const mostTries = 3;
/** RFC 8656: Allocation Quota Reached, Insufficient Capacity. */
const full = new Set([486, 508]);

interface Line {
  /** @throws Error when nothing comes back in time, or the line breaks */
  ask(request: TurnRequest): Promise<TurnReply>;
  close(): void;
}

/**
 * Asks one TURN server for an address at the relay, as a browser does, and gives it back.
 * @param url `turn:` or `turns:`, as in an RTCIceServer
 */
export async function tryRelay(
  url: string,
  credentials: { username: string; password: string },
): Promise<RelayOutcome> {
  const startedAt = performance.now();
  let line: Line | undefined;
  try {
    const address = readTurnUrl(url);
    if (!address) return { kind: "unreachable", reason: "it is no TURN URL" };
    line = await (address.transport === "udp" ? openUdp(address) : openStream(address));
    return await allocate(line, credentials, startedAt);
  } catch (error) {
    return { kind: "unreachable", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    line?.close();
  }
}

async function allocate(
  line: Line,
  { username, password }: { username: string; password: string },
  startedAt: number,
): Promise<RelayOutcome> {
  let proof: LongTermCredentials | null = null;
  let errorCode = 0;
  for (let tries = 0; tries < mostTries; tries++) {
    const reply = await line.ask(allocateRequest(proof));
    if (reply.errorCode === null) {
      const tookMs = performance.now() - startedAt;
      // A relay that does not hear it takes the address back by itself, in ten minutes.
      if (proof) await line.ask(releaseRequest(proof)).catch(() => {});
      return { kind: "relays", tookMs };
    }
    errorCode = reply.errorCode;
    const isAsking = (errorCode === 401 && !proof) || errorCode === 438;
    if (!isAsking || reply.realm === null || reply.nonce === null) break;
    proof = { username, password, realm: reply.realm, nonce: reply.nonce };
  }
  return full.has(errorCode) ? { kind: "full" } : { kind: "refused", errorCode };
}

interface TurnAddress {
  host: string;
  port: number;
  transport: "udp" | "tcp" | "tls";
}

/** Null for what is none, and for DTLS, which browsers do not speak to relays. */
function readTurnUrl(url: string): TurnAddress | null {
  const found =
    /^(turns?):(\[[0-9a-f:.]+\]|[^:?[\]]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i.exec(url);
  if (!found) return null;
  const [, scheme, host = "", port, named] = found;
  const isSecure = scheme?.toLowerCase() === "turns";
  const carrier = named?.toLowerCase() ?? (isSecure ? "tcp" : "udp");
  if (isSecure && carrier === "udp") return null;
  return {
    host: host.replace(/^\[|\]$/g, ""),
    port: Number(port ?? (isSecure ? 5349 : 3478)),
    transport: isSecure ? "tls" : carrier === "udp" ? "udp" : "tcp",
  };
}

async function openUdp({ host, port }: TurnAddress): Promise<Line> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? "udp6" : "udp4");
  const waiting = new Waiting();
  socket.on("message", (bytes) => waiting.take(bytes));
  socket.on("error", (error) => waiting.fail(error));
  return {
    ask: async ({ transactionId, bytes }) => {
      let timer: NodeJS.Timeout | undefined;
      const send = (afterMs: number) => {
        socket.send(bytes, port, address, (error) => {
          if (error) waiting.fail(error);
        });
        timer = setTimeout(send, afterMs, afterMs * 2);
      };
      const reply = waiting.for(transactionId);
      send(firstRetryMs);
      return reply.finally(() => clearTimeout(timer));
    },
    close: () => socket.close(),
  };
}

async function openStream({ host, port, transport }: TurnAddress): Promise<Line> {
  const waiting = new Waiting();
  let held: Buffer = Buffer.alloc(0);
  const socket = await connect(transport === "tls", host, port);
  socket.on("data", (bytes: Buffer) => {
    held = Buffer.concat([held, bytes]);
    for (let length = messageLength(held); length !== null && held.length >= length; ) {
      waiting.take(held.subarray(0, length));
      held = held.subarray(length);
      length = messageLength(held);
    }
  });
  socket.on("error", (error) => waiting.fail(error));
  socket.on("close", () => waiting.fail(new Error("it closed the connection")));
  return {
    ask: ({ transactionId, bytes }) => {
      socket.write(bytes);
      return waiting.for(transactionId);
    },
    close: () => socket.destroy(),
  };
}

function connect(isSecure: boolean, host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = isSecure ? connectTls({ host, port }) : connectTcp({ host, port });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(noAnswer()), timeoutMs);
    socket.once(isSecure ? "secureConnect" : "connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      resolve(socket);
    });
    socket.once("error", fail);
    socket.once("close", () => clearTimeout(timer));
  });
}

const noAnswer = () => new Error(`it did not answer within ${timeoutMs / 1000} s`);

/** The one answer that a line waits for. */
class Waiting {
  #transactionId: Buffer | null = null;
  #settle: ((reply: TurnReply | Error) => void) | null = null;
  #failed: Error | null = null;

  for(transactionId: Buffer): Promise<TurnReply> {
    return new Promise((resolve, reject) => {
      if (this.#failed) return reject(this.#failed);
      const timer = setTimeout(() => this.#settle?.(noAnswer()), timeoutMs);
      this.#transactionId = transactionId;
      this.#settle = (reply) => {
        clearTimeout(timer);
        this.#settle = null;
        if (reply instanceof Error) reject(reply);
        else resolve(reply);
      };
    });
  }

  take(bytes: Buffer): void {
    const reply = readReply(bytes);
    if (reply && this.#transactionId?.equals(reply.transactionId)) this.#settle?.(reply);
  }

  fail(error: Error): void {
    this.#failed ??= error;
    this.#settle?.(error);
  }
}
