import { randomBytes } from "node:crypto";
import type { Answered, Caller } from "./caller";

/** What somebody does next is told by whoever counts; it rejects with what was no answer. */
export type Ask = (what: string, send: () => Promise<Answered>) => Promise<Answered>;

/** So many of a user's files are kept before the oldest is deleted. */
const filesKept = 5;

/** Somebody with the console open and a room beside it: looks around, uploads, shows, deletes, writes and reads. */
export class SteadyUser {
  readonly #files: string[] = [];
  #room: { roomId: string; writer: Caller; cursor: string } | null = null;

  constructor(
    private readonly caller: Caller,
    private readonly ask: Ask,
    /** For another bearer on a connection of its own. */
    private readonly as: (token: string) => Caller,
  ) {}

  async act(): Promise<void> {
    const { caller, ask } = this;
    const what = Math.random();
    if (what < 0.15) await ask("auth.me", () => caller.query("auth.me"));
    else if (what < 0.35) await ask("files.list", () => caller.query("files.list", { limit: 20 }));
    else if (what < 0.5)
      await ask("storage.list", () => caller.query("storage.list", { limit: 20 }));
    else if (what < 0.6)
      await ask("instruments.list", () => caller.query("instruments.list", { limit: 20 }));
    else if (what < 0.7) await this.#upload();
    else if (what < 0.8) await this.#show();
    else if (what < 0.9) await this.#write();
    else await this.#read();
  }

  async #upload(): Promise<void> {
    const { caller, ask } = this;
    const granted = await ask("files.generateUploadUrl", () =>
      caller.mutate("files.generateUploadUrl", {}),
    );
    const { url } = dataOf(granted);
    const bytes = randomBytes(20_000 + Math.floor(Math.random() * 60_000));
    const stored = await ask("upload", () =>
      caller.send("POST", url, bytes, "application/octet-stream"),
    );
    this.#files.push(JSON.parse(stored.body.toString()).storageId);
    if (this.#files.length <= filesKept) return;
    const storageId = this.#files.shift();
    await ask("files.delete", () => caller.mutate("files.delete", { storageId }));
  }

  async #show(): Promise<void> {
    const { caller, ask } = this;
    const storageId = this.#files.at(-1);
    if (!storageId) return this.#upload();
    const found = await ask("files.getUrl", () => caller.query("files.getUrl", { storageId }));
    await ask("download", () => caller.send("GET", dataOf(found)));
  }

  async #write(): Promise<void> {
    const { roomId, writer } = await this.#joined();
    const messages = [{ kind: "load", payload: { text: "x".repeat(200) } }];
    const sendKey = randomBytes(12).toString("hex");
    await this.ask("signaling.send", () =>
      writer.mutate("signaling.send", { roomId, messages, sendKey }),
    );
  }

  async #read(): Promise<void> {
    const room = await this.#joined();
    const { roomId, writer, cursor: after } = room;
    const pulled = await this.ask("signaling.pull", () =>
      writer.query("signaling.pull", { roomId, after }),
    );
    room.cursor = dataOf(pulled).cursor;
  }

  async #joined() {
    if (this.#room) return this.#room;
    const { caller, ask } = this;
    const made = await ask("signaling.createRoom", () =>
      caller.mutate("signaling.createRoom", { capacity: 2 }),
    );
    const { roomId, inviteToken } = dataOf(made);
    const joined = await ask("signaling.join", () =>
      caller.mutate("signaling.join", { roomId, inviteToken, displayName: "Load" }),
    );
    const { roomToken, cursor } = dataOf(joined);
    this.#room = { roomId, writer: this.as(roomToken), cursor };
    return this.#room;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the wire has no types.
function dataOf({ body }: Answered): any {
  return JSON.parse(body.toString()).result.data;
}
