import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import { afterEach, expect, test } from "vitest";
import {
  createTestDatabase,
  startPgBouncer,
  startThrowawayPostgres,
} from "../testing/test-database";
import { startLeaderCampaign } from "./leader-campaign";
import type { RunnerLog } from "./runner-log";

const log: RunnerLog = { debug() {}, info() {}, warn() {}, error() {} };
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

let owners = 0;

function stand(url: string, schema = "public") {
  const pool = new Pool({ connectionString: url, connectionTimeoutMillis: 1000 });
  pool.on("error", () => {});
  const candidate = { leads: false, pool, stop: () => campaign.stop() };
  const campaign = startLeaderCampaign({
    pool,
    log,
    owner: ++owners,
    schema,
    onElected: () => {
      candidate.leads = true;
    },
    onDeposed: () => {
      candidate.leads = false;
    },
  });
  open.push(async () => {
    await campaign.stop();
    await pool.end();
  });
  return candidate;
}

async function openDatabase(): Promise<string> {
  const database = await createTestDatabase();
  open.push(() => database.drop());
  return database.url;
}

test("of three candidates one leads, and another one when it stops", async () => {
  const url = await openDatabase();
  const candidates = [stand(url), stand(url), stand(url)];
  const leaders = () => candidates.filter(({ leads }) => leads);
  await expect.poll(leaders, { timeout: 5000 }).toHaveLength(1);
  await sleep(2500);
  expect(leaders()).toHaveLength(1);
  const [first] = leaders();
  await first?.stop();
  expect(first?.leads).toBe(false);
  await expect.poll(leaders, { timeout: 8000 }).toHaveLength(1);
  expect(leaders()[0]).not.toBe(first);
});

test("installations in two schemas of one database, and behind a transaction pooler, lead beside each other", async () => {
  const url = await openDatabase();
  const pooler = await startPgBouncer(url, { poolSize: 3 });
  open.push(() => pooler.stop());
  const [here, there] = [stand(pooler.url), stand(pooler.url, "app")];
  await expect.poll(() => here.leads && there.leads, { timeout: 5000 }).toBe(true);
  const successor = stand(pooler.url);
  await sleep(2500);
  expect(successor.leads).toBe(false);
  // As when a process dies: PostgreSQL's own connection lives on in the pooler, and with it all that is a session's.
  await here.stop();
  await expect.poll(() => successor.leads, { timeout: 8000 }).toBe(true);
}, 20_000);

test("a leader whose connection is cut gives the lead up, and stands again", async () => {
  const url = await openDatabase();
  const leader = stand(url);
  await expect.poll(() => leader.leads, { timeout: 5000 }).toBe(true);
  const other = new Pool({ connectionString: url });
  open.push(() => other.end());
  // Of this database only: the cluster is shared with other tests.
  await other.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = database
     WHERE locktype = 'advisory' AND objsubid = 1 AND d.datname = current_database()`,
  );
  await expect.poll(() => leader.leads, { interval: 5 }).toBe(false);
  await expect.poll(() => leader.leads, { timeout: 8000 }).toBe(true);
});

test("survives PostgreSQL's death, and leads again when it is back", async () => {
  const postgres = await startThrowawayPostgres();
  open.push(() => postgres.remove());
  const leader = stand(postgres.url);
  await expect.poll(() => leader.leads, { timeout: 5000 }).toBe(true);
  await postgres.kill9();
  await expect.poll(() => leader.leads, { timeout: 8000 }).toBe(false);
  await sleep(2500);
  await postgres.start();
  await expect.poll(() => leader.leads, { timeout: 15_000 }).toBe(true);
});
