import { fileURLToPath } from "node:url";
import { io } from "socket.io-client";
import { startServer } from "../servers";
import type { Client, Contestant } from "./contestant";

export async function startSocketIo(): Promise<Contestant> {
  const relay = fileURLToPath(new URL("socket-io-relay.ts", import.meta.url));
  const server = await startServer(["--import", "tsx", relay], {});
  let rooms = 0;
  const openClient = async (room: string): Promise<Client> => {
    const socket = io(server.url, {
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
    });
    await new Promise<void>((resolve, reject) => {
      socket.on("connect_error", reject);
      socket.emit("join", room, () => resolve());
    });
    const client: Client = {
      onText: () => {},
      send: (text) => socket.emit("note", room, text),
      close: () => socket.disconnect(),
    };
    socket.on("note", (text: string) => client.onText(text));
    return client;
  };
  return {
    name: "socket.io relay",
    pid: server.pid,
    postgresPid: null,
    async openPair() {
      const room = `room-${++rooms}`;
      return [await openClient(room), await openClient(room)];
    },
    async openAudience(count) {
      const room = `room-${++rooms}`;
      const sender = await openClient(room);
      const readers: Client[] = [];
      while (readers.length < count) {
        const some = Math.min(50, count - readers.length);
        readers.push(...(await Promise.all(Array.from({ length: some }, () => openClient(room)))));
      }
      return { sender, readers };
    },
    stop: server.stop,
  };
}
