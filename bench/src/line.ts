import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

/** A line of so many milliseconds there and back in front of a server on loopback, with as much for each handshake. */
export async function startLine(target: string, roundTripMs: number) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const openedAt = performance.now();
    const far = connect(Number(port), hostname);
    const oneWayMs = roundTripMs / 2;
    // Nothing leaves before the handshake would be over.
    pass(near, far, () => Math.max(performance.now(), openedAt + roundTripMs) + oneWayMs);
    pass(far, near, () => performance.now() + oneWayMs);
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pass(from: Socket, to: Socket, arrivesAt: () => number): void {
  const later = (task: () => void) => setTimeout(task, arrivesAt() - performance.now());
  from.on("data", (chunk) => later(() => to.writable && to.write(chunk)));
  from.on("end", () => later(() => to.end()));
  from.on("error", () => to.destroy());
  from.on("close", () => later(() => to.destroy()));
}
