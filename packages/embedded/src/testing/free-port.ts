import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below the ports that systems give to whoever asks for any: what is free there now may be the near end of
 * somebody's connection, or a browser's UDP socket, by the time a server listens on it.
 */
const [first, count] = [20_000, 12_000];

/** A port on 127.0.0.1 for a server of a test, free for TCP and UDP. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = first + Math.floor(Math.random() * count);
    if ((await isFreeForTcp(port)) && (await isFreeForUdp(port))) return port;
  }
  throw new Error(`No free port found from ${first} to ${first + count - 1}.`);
}

async function isFreeForTcp(port: number): Promise<boolean> {
  const server = createServer();
  const listening = once(server, "listening");
  server.listen(port, "127.0.0.1");
  const isFree = await listening.then(
    () => true,
    () => false,
  );
  if (!isFree) return false;
  server.close();
  await once(server, "close");
  return true;
}

async function isFreeForUdp(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  const listening = once(socket, "listening");
  socket.bind(port, "127.0.0.1");
  const isFree = await listening.then(
    () => true,
    () => false,
  );
  const closed = once(socket, "close");
  socket.close();
  await closed;
  return isFree;
}
