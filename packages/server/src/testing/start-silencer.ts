import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Silencer {
  /** The same database, through a line that may fall silent. */
  url: string;
  /** From now on nothing passes on the connections that are open, not even their end; new ones work. */
  silence(): void;
  /** Nothing passes until `thaw`, on new connections neither: as of a PostgreSQL that is stopped and not ended. */
  freeze(): void;
  thaw(): void;
  /** Since it was started. */
  readonly connectionsMade: number;
  stop(): Promise<void>;
}

/** What a firewall that forgot a connection does to it, or a failover without a word. */
export async function startSilencer(url: string): Promise<Silencer> {
  const target = new URL(url);
  const pairs = new Set<{ sockets: Socket[]; isSilent: boolean }>();
  let isFrozen = false;
  let connectionsMade = 0;
  const server = createServer((client) => {
    connectionsMade++;
    const upstream = connect(Number(target.port), target.hostname);
    const pair = { sockets: [client, upstream], isSilent: false };
    pairs.add(pair);
    const pass = (from: Socket, to: Socket) => {
      from.on("data", (chunk) => pair.isSilent || to.write(chunk));
      from.on("error", () => {});
      from.on("close", () => pair.isSilent || to.destroy());
    };
    pass(client, upstream);
    pass(upstream, client);
    if (isFrozen) for (const socket of pair.sockets) socket.pause();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const own = new URL(url);
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.toString(),
    silence() {
      for (const pair of pairs) pair.isSilent = true;
    },
    freeze() {
      isFrozen = true;
      for (const { sockets } of pairs) for (const socket of sockets) socket.pause();
    },
    thaw() {
      isFrozen = false;
      for (const { sockets } of pairs) for (const socket of sockets) socket.resume();
    },
    get connectionsMade() {
      return connectionsMade;
    },
    async stop() {
      for (const { sockets } of pairs) for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
