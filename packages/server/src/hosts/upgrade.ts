import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** Nothing here speaks another protocol: who asks for one is told so, and not left to wait. */
export function refuseUpgrade(_request: IncomingMessage, socket: Duplex): void {
  socket.on("error", () => socket.destroy());
  socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
}
