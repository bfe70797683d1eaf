import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Logger } from "../../ports/logger";
import type { RoomBus } from "../../ports/room-bus";
import { createTestServices, type TestServices } from "../../testing/test-context";
import { createInProcessRoomBus } from "./in-process";
import { PendingNews } from "./pending-news";
import { createPostgresRoomBus } from "./postgres";

let services: TestServices;
let opened: RoomBus[] = [];
beforeAll(async () => {
  services = await createTestServices();
});
afterEach(async () => {
  await Promise.all(opened.map((bus) => bus.close()));
  opened = [];
});
afterAll(() => services.dispose());

async function openBus(log: Logger = services.log): Promise<RoomBus> {
  const { connectionString = "" } = services.pool.options;
  const bus = createPostgresRoomBus({ connectionString, log });
  opened.push(bus);
  await expect.poll(() => bus.live, { timeout: 5_000 }).toBe(true);
  return bus;
}

function listen(bus: RoomBus, roomId: string) {
  const heard: (number | null)[] = [];
  const stop = bus.subscribe(roomId, (lastSeq) => heard.push(lastSeq));
  return { heard, stop };
}

const makers = {
  "in-process": async () => {
    const bus = createInProcessRoomBus();
    opened.push(bus);
    return bus;
  },
  postgres: openBus,
};

for (const [name, make] of Object.entries(makers)) {
  test(`${name}: readers of the same process hear at once, of their room only, until they stop`, async () => {
    const bus = await make();
    const [one, two, other] = [listen(bus, "a"), listen(bus, "a"), listen(bus, "b")];
    bus.publish("a", 1);
    expect([one.heard, two.heard, other.heard]).toEqual([[1], [1], []]);
    one.stop();
    one.stop();
    bus.publish("a", 2);
    expect([one.heard, two.heard]).toEqual([[1], [1, 2]]);
    two.stop();
    bus.publish("a", 3);
    expect(listen(bus, "a").heard).toEqual([]);
    await bus.close();
    await bus.close();
  });
}

test("other processes hear the latest number of each room, and nobody hears an own echo", async () => {
  const [here, there] = [await openBus(), await openBus()];
  const own = listen(here, "room-0");
  const readers = Array.from({ length: 600 }, (_, room) => listen(there, `room-${room}`));
  for (let lastSeq = 1; lastSeq <= 5; lastSeq++) {
    for (let room = 0; room < readers.length; room++) here.publish(`room-${room}`, lastSeq);
  }
  await expect
    .poll(() => readers.every(({ heard }) => heard.at(-1) === 5), { timeout: 5_000 })
    .toBe(true);
  // Gathered while one announcement was under way: far fewer than 3,000 arrive.
  expect(readers.reduce((sum, { heard }) => sum + heard.length, 0)).toBeLessThan(3_000);
  expect(own.heard).toEqual([1, 2, 3, 4, 5]);
});

test("a lost connection comes back, readers are told to look, and news of the meantime is announced", async () => {
  const warnings: string[] = [];
  const log: Logger = { ...services.log, warn: (_facts, message) => warnings.push(message) };
  const [here, there] = [await openBus(log), await openBus(log)];
  const reader = listen(there, "a");
  await services.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND query LIKE '%pg_notify%' AND pid <> pg_backend_pid()`,
  );
  await expect.poll(() => here.live || there.live, { timeout: 5_000 }).toBe(false);
  here.publish("a", 7);
  await expect.poll(() => here.live && there.live, { timeout: 10_000 }).toBe(true);
  expect(reader.heard).toContain(null);
  expect(warnings.length).toBeGreaterThanOrEqual(2);
  here.publish("a", 8);
  await expect.poll(() => reader.heard.at(-1), { timeout: 5_000 }).toBe(8);
});

test("a server that is not there is waited for, without an error that ends the process", async () => {
  const bus = createPostgresRoomBus({
    connectionString: "postgresql://nobody@127.0.0.1:1/none",
    log: services.log,
  });
  opened.push(bus);
  const { heard } = listen(bus, "a");
  bus.publish("a", 1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(heard).toEqual([1]);
  expect(bus.live).toBe(false);
});

test("announcements stay below PostgreSQL's limit, and too many rooms become one word", () => {
  const pending = new PendingNews();
  const ids = Array.from({ length: 1_000 }, (_, index) => `${"x".repeat(18)}${1_000 + index}`);
  for (const id of ids) pending.add(id, 123_456_789);
  const told: string[] = [];
  for (let news = pending.take(); news.length > 0; news = pending.take()) {
    expect(Buffer.byteLength(`${"o".repeat(22)} ${news.join(" ")}`)).toBeLessThan(8_000);
    told.push(...news);
  }
  expect(told).toEqual(ids.map((id) => `${id}:123456789`));

  for (let index = 0; index <= 10_000; index++) pending.add(`room-${index}`, 1);
  expect(pending.take()).toEqual(["*"]);
  expect(pending.take()).toEqual([]);
});
