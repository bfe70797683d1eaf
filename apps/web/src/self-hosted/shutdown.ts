import type { Server } from "node:http";
import type { Socket } from "node:net";

/** How long running requests may take to end before their sockets are cut. */
const drainMs = 1_500;

/**
 * Ends a server that may hold event streams: stops listening, lets requests finish, then cuts what is left.
 * A stream must not end politely: its client would take it for complete and never resume.
 */
export function closeGracefully(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, drainMs);
    await closed;
    clearTimeout(cut);
  };
}
