import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";
import { startServer } from "../servers";
import type { Client, Contestant } from "./contestant";

/** npm `peer`. It passes messages on from one id to one other: an audience is as many messages. */
export async function startPeerServer(): Promise<Contestant> {
  const relay = fileURLToPath(new URL("peer-server-relay.ts", import.meta.url));
  const server = await startServer(["--import", "tsx", relay], {});
  let ids = 0;
  const openSocket = async (id: string, onText: (text: string) => void): Promise<WebSocket> => {
    const url = `${server.url.replace("http", "ws")}/peerjs?key=peerjs&id=${id}&token=${id}`;
    const socket = new WebSocket(url);
    socket.on("message", (data) => {
      const { type, payload } = JSON.parse(String(data)) as { type: string; payload: string };
      if (type === "OFFER") onText(payload);
    });
    await once(socket, "message");
    return socket;
  };
  const openClient = async (id: string, others: string[]): Promise<Client> => {
    const socket = await openSocket(id, (text) => client.onText(text));
    const client: Client = {
      onText: () => {},
      send(payload) {
        for (const dst of others) socket.send(JSON.stringify({ type: "OFFER", dst, payload }));
      },
      close: () => socket.terminate(),
    };
    return client;
  };
  return {
    name: "PeerServer",
    pid: server.pid,
    postgresPid: null,
    async openPair() {
      const [a, b] = [`p${++ids}`, `p${++ids}`];
      return [await openClient(a, [b]), await openClient(b, [a])];
    },
    async openAudience(count) {
      const names = Array.from({ length: count }, () => `p${++ids}`);
      const readers: Client[] = [];
      for (let from = 0; from < count; from += 50) {
        readers.push(
          ...(await Promise.all(names.slice(from, from + 50).map((id) => openClient(id, [])))),
        );
      }
      return { sender: await openClient(`p${++ids}`, names), readers };
    },
    stop: server.stop,
  };
}
