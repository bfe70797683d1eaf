import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Connection } from "@fermata/server/hosts/connection";

/** Next's routes get headers and nothing else: what Node knows of a connection travels in this one. */
const header = "x-fermata-connection";

/** Next's bundles are built apart; what they share in one process lies on the global object. */
const slot: unique symbol = Symbol.for("fermata.connection");
const shared = globalThis as { [slot]?: string };

/** Writes into a request's head who sent it, over whatever the sender wrote there. */
export function stampConnection(request: IncomingMessage): void {
  // Known to this process alone, so that a header of a sender's own is never taken for it.
  shared[slot] ??= randomBytes(16).toString("base64url");
  request.headers[header] = `${shared[slot]} ${request.socket.remoteAddress ?? ""}`;
}

/** What was stamped; nothing where this process does not listen itself. */
export function connectionOf({ headers }: { headers: Headers }): Connection {
  const [secret, remoteAddress] = headers.get(header)?.split(" ") ?? [];
  return secret && secret === shared[slot] && remoteAddress ? { remoteAddress } : {};
}
