// The purge of a million expired messages out of two million while rooms send, beside one raw DELETE of the same rows.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@fermata/embedded/postgres";
import { applyMigrations } from "@fermata/migrations";
import pg from "pg";
import { purgeExpiredMessages } from "../../../packages/server/src/rooms/verbs/purge-expired-messages";
import { openDuo } from "../../../packages/server/src/testing/rooms";
import {
  createServicesOn,
  jobContext,
  type TestServices,
} from "../../../packages/server/src/testing/test-context";
import { median, spread, table } from "../statistics";
import { percentile } from "./percentile";
import { sendSteadily } from "./send-steadily";

const rounds = Number(process.argv[2] ?? 5);
const expiredRows = 1_000_000;
const liveRows = 1_000_000;
const sendsPerSecond = 200;
const quietSeconds = 10;

const migrationsDir = fileURLToPath(new URL("../../../prisma/migrations", import.meta.url));
const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
const postgres = await startPostgres({ dataDir: join(dir, "postgres"), database: "template" });
const urlOf = (name: string) => Object.assign(new URL(postgres.url), { pathname: `/${name}` }).href;

async function query(database: string, ...statements: string[]): Promise<void> {
  // Without the limits that servers set to their statements.
  const client = new pg.Client({ connectionString: urlOf(database) });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

async function fillTemplate(): Promise<void> {
  await applyMigrations({ url: urlOf("template"), migrationsDir });
  await query(
    "template",
    `INSERT INTO "User" ("id", "email", "createdAt") VALUES ('bench', 'bench@example.com', now())`,
    `INSERT INTO "Room" ("id", "ownerId", "capacity", "inviteTokenHash", "epoch", "createdAt", "expiresAt")
     SELECT 'room ' || n, 'bench', 2, decode(md5('room' || n), 'hex'), 'e', now(), now() + interval '1 day'
     FROM generate_series(0, 199) AS n`,
    // In the order of their sending, rooms mixed, as they come in life; an offer is about as long.
    `INSERT INTO "Message" ("roomId", "seq", "fromPeerId", "kind", "payload", "sentAt")
     SELECT 'room ' || n % 200, n, 'peer', 'candidate', to_jsonb(repeat(md5(n::text), 6)),
       now() + CASE WHEN n <= ${expiredRows} THEN interval '-3 hours' + interval '1 hour' * (n / ${expiredRows}.0)
         ELSE interval '-20 minutes' + interval '20 minutes' * ((n - ${expiredRows}) / ${liveRows}.0) END
     FROM generate_series(1, ${expiredRows + liveRows}) AS n`,
  );
  await query("template", "VACUUM ANALYZE", "CHECKPOINT");
}

interface Measured {
  purgeMs: number;
  quietP99Ms: number;
  busyP99Ms: number;
}

/** Sends into ten rooms on a fresh copy of the two million rows, and deletes the expired ones in its midst. */
async function measure(
  name: string,
  deleteExpired: (services: TestServices) => Promise<number>,
): Promise<Measured> {
  await query(
    "postgres",
    `CREATE DATABASE ${name} TEMPLATE template STRATEGY FILE_COPY`,
    "CHECKPOINT",
  );
  const services = await createServicesOn(urlOf(name));
  const duos = await Promise.all(Array.from({ length: 10 }, () => openDuo(services)));
  const sendOne = async (n: number) => {
    const duo = duos[n % duos.length];
    if (!duo) throw new Error("no room");
    const peer = n % 20 < 10 ? duo.ada : duo.ben;
    const message = { kind: "candidate", payload: "x".repeat(200) };
    await peer.caller.signaling.send({ roomId: duo.roomId, messages: [message] });
  };
  const warmUp = sendSteadily(sendsPerSecond, sendOne);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await warmUp.stop();

  const quiet = sendSteadily(sendsPerSecond, sendOne);
  await new Promise((resolve) => setTimeout(resolve, quietSeconds * 1000));
  const quietMs = await quiet.stop();

  const busy = sendSteadily(sendsPerSecond, sendOne);
  const startedAt = performance.now();
  const deleted = await deleteExpired(services);
  const purgeMs = performance.now() - startedAt;
  const busyMs = await busy.stop();
  if (deleted !== expiredRows) throw new Error(`${deleted} rows were deleted`);

  await services.dispose();
  await query("postgres", `DROP DATABASE ${name}`, "CHECKPOINT");
  return { purgeMs, quietP99Ms: percentile(quietMs, 99), busyP99Ms: percentile(busyMs, 99) };
}

const hourAgo = (services: TestServices) => new Date(services.clock.now().getTime() - 3_600_000);
const ways = {
  "Fermata's purge": async (services: TestServices) =>
    (await purgeExpiredMessages(jobContext(services))).deleted,
  "one raw DELETE": async (services: TestServices) => {
    const text = 'DELETE FROM "Message" WHERE "sentAt" < $1';
    return (await services.pool.query(text, [hourAgo(services)])).rowCount ?? 0;
  },
};
type Way = keyof typeof ways;
const names = Object.keys(ways) as Way[];
const results: Record<Way, Measured[]> = { "Fermata's purge": [], "one raw DELETE": [] };

try {
  await fillTemplate();
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const result = await measure(`round${round}_${names.indexOf(name)}`, ways[name]);
      results[name].push(result);
      console.error(round, name, JSON.stringify(result));
    }
  }
} finally {
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}

const of = (name: Way, read: (result: Measured) => number) => results[name].map(read);
const ratios = (read: (result: Measured) => number, against: (round: number) => number) =>
  of("Fermata's purge", read).map((value, round) => value / against(round));
const toRaw = ratios(
  ({ purgeMs }) => purgeMs,
  (round) => results["one raw DELETE"][round]?.purgeMs ?? Number.NaN,
);
const disturbance = (name: Way) =>
  results[name].map(({ busyP99Ms, quietP99Ms }) => busyP99Ms / quietP99Ms);

console.log(
  `\n${expiredRows.toLocaleString("en-US")} of ${(expiredRows + liveRows).toLocaleString("en-US")} messages expired, ${sendsPerSecond} sends/s meanwhile, ${rounds} rounds interleaved: median (least to most)\n`,
);
console.log(
  table(
    ["", "total, s", "against raw", "p99 of sends without it, ms", "p99 during it, ms", "ratio"],
    names.map((name) => [
      name,
      spread(
        of(name, ({ purgeMs }) => purgeMs / 1000),
        1,
      ),
      name === "Fermata's purge" ? spread(toRaw, 2) : "",
      spread(
        of(name, ({ quietP99Ms }) => quietP99Ms),
        1,
      ),
      spread(
        of(name, ({ busyP99Ms }) => busyP99Ms),
        1,
      ),
      spread(disturbance(name), 2),
    ]),
  ),
);
console.log(
  `\ntotal against one raw DELETE: ${median(toRaw).toFixed(2)} (target 1.5); p99 of sends: ${median(disturbance("Fermata's purge")).toFixed(2)} times (target 2)`,
);
