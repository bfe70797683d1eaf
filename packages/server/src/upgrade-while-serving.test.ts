import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase } from "@fermata/embedded/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as today from "./index";
import * as todaysStores from "./stores";
import { png } from "./testing/file-lab";
import { installServerBefore } from "./testing/server-before";

const secret = "a secret that only this test knows, long enough";
const picture = png(2_000);
/** What the rule of migrations lets through, on tables that are written all the while. */
const tomorrows = {
  "29990101000000_columns": `ALTER TABLE "File" ADD COLUMN "tomorrow" TEXT;
    ALTER TABLE "Message" ADD COLUMN "tomorrow" INTEGER NOT NULL DEFAULT 1;
    CREATE TABLE "Tomorrow" ("id" TEXT PRIMARY KEY);`,
  "29990101000100_index": `CREATE INDEX CONCURRENTLY "File_tomorrow_idx" ON "File" ("tomorrow")`,
};

let dir: string;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let before: Awaited<ReturnType<typeof installServerBefore>>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-upgrade-"));
  [database, before] = await Promise.all([createTestDatabase(), installServerBefore()]);
  const folder = join(dir, "migrations");
  await cp(new URL("../../../prisma/migrations", import.meta.url), folder, { recursive: true });
  for (const [name, sql] of Object.entries(tomorrows)) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "migration.sql"), sql);
  }
});
afterAll(async () => {
  await database.drop();
  await before.remove();
  await rm(dir, { recursive: true, force: true });
});

/** A server of either release, on one database and one store. */
function mount(library: typeof today, stores: typeof todaysStores) {
  return library.createFermataServer({
    database: { url: database.url },
    secret,
    store: stores.diskStore({ directory: join(dir, "bytes") }),
    identify: (request) => {
      const name = /^Bearer user (\w+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
      return name ? { userId: name, name } : null;
    },
    ...(library === today && { assets: { migrations: join(dir, "migrations") } }),
  });
}

type Mounted = ReturnType<typeof mount>;
// biome-ignore lint/suspicious/noExplicitAny: answers of any procedure
type Answer = any;

async function ask(server: Mounted, path: string, init: RequestInit = {}): Promise<Response> {
  const answer = await server.handler(
    new Request(new URL(path, "https://app.example.com/api/fermata/"), init),
  );
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

const call = async (
  server: Mounted,
  name: string,
  input: object,
  bearer = "user maja",
): Promise<Answer> => {
  const headers = {
    "content-type": "application/json",
    authorization: `Bearer ${bearer}`,
  };
  const init = { method: "POST", headers, body: JSON.stringify(input) };
  return ((await (await ask(server, `trpc/${name}`, init)).json()) as Answer).result.data;
};
const query = async (
  server: Mounted,
  name: string,
  input: object,
  bearer = "user maja",
): Promise<Answer> => {
  const path = `trpc/${name}?input=${encodeURIComponent(JSON.stringify(input))}`;
  const headers = { authorization: `Bearer ${bearer}` };
  return ((await (await ask(server, path, { headers })).json()) as Answer).result.data;
};

/** A room with somebody who plays and somebody who listens. */
async function openRoom(server: Mounted) {
  const { roomId, inviteToken } = await call(server, "signaling.createRoom", {});
  const join = (displayName: string) =>
    call(server, "signaling.join", { roomId, inviteToken, displayName }, `user ${displayName}`);
  const listener = await join("tom");
  const player = await join("maja");
  return {
    play: (on: Mounted, number: number) => {
      const messages = [{ kind: "number", payload: { number } }];
      return call(on, "signaling.send", { roomId, messages }, player.roomToken);
    },
    /** All that was played, in order. */
    async listen(on: Mounted): Promise<number[]> {
      const heard: number[] = [];
      for (let after = listener.cursor; ; ) {
        const page = await query(on, "signaling.pull", { roomId, after }, listener.roomToken);
        const played = page.messages.filter(({ kind }: Answer) => kind === "number");
        heard.push(...played.map(({ payload }: Answer) => payload.number));
        if (page.messages.length === 0) return heard;
        after = page.cursor;
      }
    },
  };
}

async function upload(server: Mounted): Promise<string> {
  const { url } = await call(server, "files.generateUploadUrl", {});
  const headers = { "content-type": "image/png", "content-length": String(picture.length) };
  const stored = await ask(server, url, { method: "POST", headers, body: picture });
  return ((await stored.json()) as Answer).storageId;
}

async function readsBack(server: Mounted, storageId: string): Promise<boolean> {
  const url = await query(server, "files.getUrl", { storageId });
  const bytes = Buffer.from(await (await ask(server, url)).arrayBuffer());
  return bytes.equals(picture);
}

test("the release before serves while the tables are migrated, and beside the release after", async () => {
  const old = mount(before.server, before.stores);
  await old.migrate();
  const room = await openRoom(old);
  const uploads: string[] = [];
  let played = 0;
  let isMigrated = false;
  const during = async (act: () => Promise<void>) => {
    for (let turn = 0; turn < 10 || !isMigrated; turn++) await act();
  };
  const people = [
    ...[1, 2, 3].map(() => during(async () => void uploads.push(await upload(old)))),
    during(async () => void (await room.play(old, played++))),
  ];
  const next = mount(today, todaysStores);
  const migrated = next.migrate().finally(() => {
    isMigrated = true;
  });
  const [{ applied }] = await Promise.all([migrated, ...people]);
  expect(applied).toEqual(expect.arrayContaining(Object.keys(tomorrows)));
  expect(uploads.length).toBeGreaterThanOrEqual(30);

  // Both hold what the other was given.
  for (const storageId of uploads.slice(-3)) expect(await readsBack(next, storageId)).toBe(true);
  expect(await readsBack(old, await upload(next))).toBe(true);
  await room.play(next, played++);
  await room.play(old, played++);
  expect(await room.listen(next)).toEqual(Array.from({ length: played }, (_, number) => number));
  const { usedBytes } = await query(next, "files.usage", {});
  expect(usedBytes).toBe((uploads.length + 1) * picture.length);

  // What starts anew of the release before is stopped, by name.
  const late = mount(before.server, before.stores);
  await expect(late.migrate()).rejects.toThrow(
    /of a newer release than this one: it has the migration \d+_/,
  );
  await Promise.all([old.close(), next.close(), late.close()]);
}, 60_000);
