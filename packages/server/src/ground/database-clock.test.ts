import { createTestDatabase } from "@fermata/embedded/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { silentLog } from "../testing/silent-log";
import { createDatabaseClock } from "./database-clock";
import { type Database, openDatabase } from "./db";

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const made = await createTestDatabase();
  drop = made.drop;
  database = openDatabase({ url: made.url, log: silentLog });
});
afterAll(async () => {
  await database.close();
  await drop();
});

test.each([0, 3_600_000, -8 * 86_400_000])(
  "goes by PostgreSQL where the machine's clock is %i ms ahead, and says so above a minute",
  async (aheadMs) => {
    const said: string[] = [];
    const log = { ...silentLog, warn: (_: unknown, message: string) => said.push(message) };
    const clock = createDatabaseClock({
      pool: database.pool,
      log,
      machine: () => Date.now() + aheadMs,
    });
    await clock.compare();
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1_000);
    expect(Math.abs(clock.machineAheadMs - aheadMs)).toBeLessThan(1_000);
    expect(said).toHaveLength(aheadMs === 0 ? 0 : 1);
    clock.stop();
  },
);

test("is not moved by a jump of the machine's clock, and notices it", async () => {
  let aheadMs = 0;
  const clock = createDatabaseClock({
    pool: database.pool,
    log: silentLog,
    machine: () => Date.now() + aheadMs,
  });
  await clock.compare();
  aheadMs = 3_600_000;
  expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1_000);
  await expect
    .poll(
      () => {
        clock.now();
        return clock.machineAheadMs;
      },
      { timeout: 5_000 },
    )
    .toBeGreaterThan(3_590_000);
  expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1_000);
  clock.stop();
});
