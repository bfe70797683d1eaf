import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createFermata } from "@fermata/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Composition } from "../../server";
import { createSession } from "../../studio/auth/create-session";
import { createUser } from "../../studio/auth/create-user";
import type { RequestContext } from "../../studio/context";
import { type BothHosts, listenBothWays } from "../../testing/both-hosts";
import { openTestComposition } from "../../testing/test-composition";
import { fillDemo } from "./fill-demo";

const dir = fileURLToPath(new URL("../../../demo", import.meta.url));
let both: BothHosts;
let composition: Composition;
let close: () => Promise<void>;
let ctx: RequestContext;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "fermata-demo-"));
  ({ composition, close } = await openTestComposition(dataDir));
  both = await listenBothWays(composition);
  const { origin } = both.servers.direct;
  ctx = { ...composition.services, origin } as RequestContext;
});

afterAll(async () => {
  both.close();
  await close();
  await rm(dataDir, { recursive: true, force: true });
});

const place = () => ({ ctx, dir, url: both.servers.direct.origin });

test("a demo waits for an admin, is put there once, and is whole", async () => {
  expect(await fillDemo(place())).toBeNull();
  const email = "ada@example.com";
  const { userId } = await createUser(ctx, {
    email,
    password: "a password for tests",
    role: "admin",
  });
  const things = await fillDemo(place());
  expect(things).toMatchObject({
    instrumentIds: { length: 2 },
    mediaKeys: { length: 14 },
    storageIds: { length: 1 },
    roomIds: { length: 1 },
  });
  expect(await fillDemo(place())).toBeNull();

  const { token } = await createSession(ctx, { userId, kind: "token", name: "Test" });
  const { trpc } = createFermata({ url: both.servers.direct.origin, token });
  const { items } = await trpc.instruments.list.query();
  expect(items).toMatchObject([
    { name: "Brandt upright No. 71", publishedAt: null, photoCount: 4 },
    { name: "Osterlind 204", photoCount: 6, clipCount: 2 },
  ]);
  // Nobody goes on being signed in.
  expect(await ctx.db.session.count({ where: { name: "Demo" } })).toBe(0);

  const { demo } = await trpc.overview.summary.query();
  expect(demo?.mediaKeys.toSorted()).toEqual(things?.mediaKeys.toSorted());
  expect(demo).toMatchObject({ storageIds: things?.storageIds, roomIds: things?.roomIds });
  for (const instrumentId of things?.instrumentIds ?? [])
    await trpc.instruments.delete.mutate({ instrumentId });
  for (const key of things?.mediaKeys ?? []) await trpc.storage.delete.mutate({ key });
  for (const roomId of things?.roomIds ?? []) await trpc.signaling.closeRoom.mutate({ roomId });
  for (const storageId of things?.storageIds ?? []) {
    await trpc.files.delete.mutate({ storageId }).catch((error) => {
      expect(error.data.appCode).toBe("NOT_FOUND");
    });
  }
  expect((await trpc.overview.summary.query()).demo).toBeNull();
});
