import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InFlight } from "@fermata/server/internal";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSession } from "../studio/auth/create-session";
import { ensureFirstAdmin } from "../studio/auth/ensure-first-admin";
import { type BothHosts, listenBothWays, type Way, ways } from "../testing/both-hosts";
import { openTestComposition } from "../testing/test-composition";

let dir: string;
let opened: Awaited<ReturnType<typeof openTestComposition>>;
let both: BothHosts;
let inFlight: InFlight;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-overload-"));
  opened = await openTestComposition(dir, {});
  both = await listenBothWays(opened.composition);
});

afterAll(async () => {
  both.close();
  await opened.close();
  await rm(dir, { recursive: true, force: true });
});

beforeEach(() => {
  const { services } = opened.composition;
  // One connection's worth of slots, and a clock that stands still: what happens depends on counts alone.
  const pool = { waitingCount: 0, options: { max: 1 } };
  inFlight = new InFlight({ pool, log: services.log, nowMs: () => 0 });
  services.inFlight = inFlight;
});

async function bearer(): Promise<string> {
  const { services } = opened.composition;
  const email = "maja@example.com";
  await ensureFirstAdmin(services, { email, password: "a sentence that nobody guesses" });
  const { id: userId } = await services.db.user.findFirstOrThrow({ where: { email } });
  const { token } = await createSession(services, { userId, kind: "browser", name: "a test" });
  return `Bearer ${token}`;
}

const ask = (way: Way, path: string, authorization?: string) =>
  fetch(both.servers[way].origin + path, authorization ? { headers: { authorization } } : {});

/** Takes every slot and leaves every place to wait in as it is. */
const fillSlots = () => Array.from({ length: 8 }, () => inFlight.enter("known"));
const waiting = (count: number) => expect.poll(() => inFlight.figures.waiting).toBe(count);

describe.each(ways)("more than a process can answer, by %s", (way) => {
  test("sixteen wait for a slot and are answered, the rest is told at once to come back", async () => {
    const leaves = fillSlots();
    const patient = Array.from({ length: 16 }, () => ask(way, "/api/trpc/auth.me"));
    await waiting(16);
    const refused = await Promise.all(
      Array.from({ length: 30 }, () => ask(way, "/api/trpc/auth.me")),
    );
    for (const answer of refused) {
      expect(answer.status).toBe(503);
      const seconds = Number(answer.headers.get("retry-after"));
      expect([1, 2, 3]).toContain(seconds);
      expect(await answer.json()).toMatchObject({
        error: {
          data: {
            appCode: "UPSTREAM_UNAVAILABLE",
            details: { reason: "busy", retryAfterSeconds: seconds },
          },
        },
      });
    }
    expect(inFlight.figures).toMatchObject({ running: 8, waiting: 16, refused: 30 });

    for (const leave of leaves) (leave as () => void)();
    expect((await Promise.all(patient)).map(({ status }) => status)).toEqual(Array(16).fill(200));
    await expect.poll(() => inFlight.figures).toMatchObject({ running: 0, waiting: 0 });
  });

  test("who signed in is served before strangers, and whoever only says so before nobody", async () => {
    const authorization = await bearer();
    expect((await ask(way, "/api/trpc/auth.me", authorization)).status).toBe(200);
    const leaves = fillSlots();
    const strangers = Array.from({ length: 16 }, () => ask(way, "/api/trpc/auth.me"));
    await waiting(16);
    const mine = ask(way, "/api/trpc/auth.me", authorization);
    const forged = ask(way, "/api/trpc/auth.me", "Bearer fms_made-up");
    const statuses = Promise.all(strangers.map(async (answer) => (await answer).status));
    await expect.poll(() => inFlight.figures.refused).toBe(2);
    // One slot, and it is the signed-in one's.
    (leaves[0] as () => void)();
    expect(await (await mine).json()).toMatchObject({ result: { data: { user: {} } } });
    for (const leave of leaves) (leave as () => void)();
    expect((await forged).status).toBe(200);
    expect((await statuses).filter((status) => status === 503)).toHaveLength(2);
  });

  test("health, readiness and event streams are answered however much there is to do", async () => {
    fillSlots();
    const patient = Array.from({ length: 16 }, () =>
      ask(way, "/api/trpc/auth.me").catch(() => null),
    );
    await waiting(16);
    expect((await ask(way, "/api/health")).status).toBe(200);
    expect((await ask(way, "/api/ready")).status).toBe(200);
    // Not a stream of anybody's: what matters is that it is told so, and not to come back later.
    const input = encodeURIComponent(JSON.stringify({ roomId: "x" }));
    const stream = await ask(way, `/api/trpc/signaling.messages?input=${input}`);
    expect([200, 400, 401]).toContain(stream.status);
    await stream.body?.cancel();
    expect((await ask(way, "/api/files/upload/fmu_made-up", undefined)).status).toBe(405);
    expect((await ask(way, "/api/files/made-up")).status).toBe(503);
    services().inFlight = new InFlight({
      pool: { waitingCount: 0, options: { max: 1 } },
      log: services().log,
    });
    both.servers[way].server.closeAllConnections();
    await Promise.all(patient);
  });

  test("a refused upload is refused before a byte of it is stored, and can be sent again", async () => {
    const { services } = opened.composition;
    const before = await services.db.file.count();
    const leaves = fillSlots();
    const patient = Array.from({ length: 16 }, () => ask(way, "/api/trpc/auth.me", "Bearer fms_x"));
    await waiting(16);
    const answer = await fetch(`${both.servers[way].origin}/api/files/upload/fmu_made-up`, {
      method: "POST",
      body: "x".repeat(100_000),
    });
    expect([answer.status, answer.headers.has("retry-after")]).toEqual([503, true]);
    expect(await services.db.file.count()).toBe(before);
    for (const leave of leaves) (leave as () => void)();
    await Promise.all(patient);
  });
});

const services = () => opened.composition.services;
