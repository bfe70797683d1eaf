import { createFermata, createPeerRoom } from "@fermata/api";
import { io } from "socket.io-client";

export interface FermataTalk {
  url: string;
  roomId: string;
  inviteToken: string;
}

export interface SocketIoTalk {
  url: string;
  room: string;
}

let send: (text: string) => void = () => {};
/** When each text came, in milliseconds since the epoch. */
const heard = new Map<string, number>();
const nowMs = () => performance.timeOrigin + performance.now();
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function hear(text: string): void {
  heard.set(text, nowMs());
}

export const talk = {
  async joinFermata({ url, ...seat }: FermataTalk, displayName: string): Promise<void> {
    const client = createFermata({ url });
    const room = createPeerRoom({ client, ...seat, displayName, session: null });
    room.on("message", ({ payload }) => hear(String(payload)));
    send = (text) => void room.send("note", text);
    await room.join();
  },

  async joinSocketIo({ url, room }: SocketIoTalk): Promise<void> {
    const socket = io(url, { transports: ["websocket"] });
    socket.on("note", hear);
    send = (text) => socket.emit("note", room, text);
    await new Promise<void>((resolve) => socket.emit("join", room, () => resolve()));
  },

  /** Sends texts, each in a task of its own. @returns when each was sent, by text */
  async say(name: string, count: number, everyMs: number): Promise<Record<string, number>> {
    const sent: Record<string, number> = {};
    for (let number = 0; number < count; number++) {
      const text = `${name}-${number}`.padEnd(256, " ");
      sent[text] = nowMs();
      send(text);
      await pause(everyMs);
    }
    return sent;
  },

  /** Resolves with when each of so many texts of a name came. */
  async hearAll(name: string, count: number): Promise<Record<string, number>> {
    const ofName = () => [...heard].filter(([text]) => text.startsWith(`${name}-`));
    const deadline = nowMs() + 20_000;
    while (ofName().length < count) {
      if (nowMs() > deadline) throw new Error(`only ${ofName().length} of ${count} came`);
      await pause(5);
    }
    return Object.fromEntries(ofName());
  },
};

declare global {
  interface Window {
    talk: typeof talk;
  }
}

window.talk = talk;
