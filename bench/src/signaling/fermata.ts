import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@fermata/embedded/postgres";
import pg from "pg";
import { startServer } from "../servers";
import type { Client, Contestant } from "./contestant";
import { openEvents, openPoster } from "./line-socket";
import { postmasterPid } from "./process-usage";

const serve = fileURLToPath(new URL("../../../apps/web/dist/serve.js", import.meta.url));
const admin = { email: "maja@example.com", password: "a sentence that nobody guesses" };

interface Seat {
  roomId: string;
  token: string;
}

/** With what only it has. */
export interface Fermata extends Contestant {
  databaseUrl: string;
  url: string;
  call(path: string, input: unknown, token?: string): Promise<Record<string, string>>;
  /** A session of somebody who may open rooms. */
  owner: string;
  openStream(seat: Seat): Promise<{ close(): void }>;
}

/** Which server it is: its file with Node's options before it, and a bearer of somebody who may open rooms, where one needs no sign-in. */
export interface Hosting {
  args: string[];
  owner: string | null;
}

/** The server that `npm start` starts, or another one, with its PostgreSQL: every message is committed to disk before it is told. */
export async function startFermata(
  nodeOptions: string[] = [],
  hosting: Hosting = { args: [serve], owner: null },
): Promise<Fermata> {
  const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
  const postgres = await startPostgres({ dataDir: join(dir, "postgres"), database: "fermata" });
  const server = await startServer([...nodeOptions, ...hosting.args], {
    FERMATA_DATA: join(dir, "data"),
    UPLOADS_DIR: join(dir, "data"),
    FERMATA_FILES_QUOTA_BYTES: String(2 ** 45),
    DATABASE_URL: postgres.url,
    FERMATA_ADMIN_EMAIL: admin.email,
    FERMATA_ADMIN_PASSWORD: admin.password,
  });
  const api = new URL("/api/trpc/", server.url);
  const call = async (path: string, input: unknown, token?: string) => {
    const answer = await fetch(new URL(path, api), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(input),
    });
    const body = (await answer.json()) as { result?: { data: Record<string, string> } };
    if (!body.result) throw new Error(JSON.stringify(body));
    return body.result.data;
  };
  const owner = hosting.owner ?? (await call("auth.createToken", admin)).token ?? "";

  const takeSeat = async (roomId: string, inviteToken: string, displayName: string) => {
    const { roomToken = "" } = await call("signaling.join", { roomId, inviteToken, displayName });
    return { roomId, token: roomToken };
  };
  const openClient = async ({ roomId, token }: Seat): Promise<Client> => {
    const poster = openPoster(new URL("signaling.send", api), token);
    const url = new URL("signaling.messages", api);
    url.searchParams.set("input", JSON.stringify({ roomId }));
    const stream = await openEvents(url, token, (json) => client.onText(JSON.parse(json).payload));
    const client: Client = {
      onText: () => {},
      send: (payload) =>
        poster.post(JSON.stringify({ roomId, messages: [{ kind: "note", payload }] })),
      close() {
        stream.close();
        poster.close();
      },
    };
    return client;
  };

  const streamUrl = (roomId: string) => {
    const url = new URL("signaling.messages", api);
    url.searchParams.set("input", JSON.stringify({ roomId }));
    return url;
  };
  return {
    name: "Fermata",
    databaseUrl: postgres.url,
    url: server.url,
    call,
    owner,
    openStream: ({ roomId, token }) => openEvents(streamUrl(roomId), token, () => {}),
    pid: server.pid,
    postgresPid: await postmasterPid(postgres.dataDir),
    async openPair() {
      const room = await call("signaling.createRoom", {}, owner);
      const { roomId = "", inviteToken = "" } = room;
      const [ada, ben] = [
        await takeSeat(roomId, inviteToken, "Ada"),
        await takeSeat(roomId, inviteToken, "Ben"),
      ];
      return [await openClient(ada), await openClient(ben)];
    },
    async openAudience(count) {
      const room = await call("signaling.createRoom", {}, owner);
      const { roomId = "", inviteToken = "" } = room;
      const sender = await openClient(await takeSeat(roomId, inviteToken, "Ada"));
      const seats = await seatMany(postgres.url, roomId, count);
      const readers: Client[] = [];
      for (let from = 0; from < seats.length; from += 50) {
        const some = seats.slice(from, from + 50).map(async ({ token }): Promise<Client> => {
          const url = new URL("signaling.messages", api);
          url.searchParams.set("input", JSON.stringify({ roomId }));
          const reader: Client = { onText: () => {}, send: () => {}, close: () => {} };
          const { close } = await openEvents(url, token, (json) => reader.onText(json));
          return Object.assign(reader, { close });
        });
        readers.push(...(await Promise.all(some)));
      }
      return { sender, readers };
    },
    async stop() {
      await server.stop();
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** More peers than a room seats, written as joining would write them: what is measured is the streams. */
async function seatMany(databaseUrl: string, roomId: string, count: number): Promise<Seat[]> {
  const seats = Array.from({ length: count }, () => {
    const token = `fmr_${randomBytes(32).toString("base64url")}`;
    return { id: randomBytes(16).toString("base64url"), roomId, token };
  });
  const hash = (text: string) => createHash("sha256").update(text).digest();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `INSERT INTO "Peer" ("id", "roomId", "displayName", "polite", "roomTokenHash", "resumeTokenHash", "joinedSeq", "joinedAt", "lastSeenAt")
     SELECT id, $1, 'Reader', true, token, resume, (SELECT "lastSeq" FROM "Room" WHERE "id" = $1), now(), now()
     FROM unnest($2::text[], $3::bytea[], $4::bytea[]) AS u(id, token, resume)`,
    [
      roomId,
      seats.map(({ id }) => id),
      seats.map(({ token }) => hash(token)),
      seats.map(({ id }) => hash(id)),
    ],
  );
  await client.end();
  return seats;
}
