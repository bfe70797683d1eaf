import { MigrationError } from "@fermata/migrations";
import type { Services } from "../context";
import { readEngineState } from "../crons/engine/engine-state";
import { describeClockGap, mostClockGapMs } from "../ground/database-clock";
import { DatabasePool } from "../ground/database-pool";
import { explainStanding } from "../media/owner/explain-standing";
import { lastStanding } from "../media/owner/look-at-store";
import type { ReadinessCheck } from "../operations/readiness-check";
import { checkOwners } from "./check-owners";

/** What to do where a check fails. */
export type Remedies = Partial<Record<Remedied, string>>;
type Remedied = "database" | "database disk" | "migrations" | "store" | "jobs";

interface ReadinessLooks {
  pendingMigrations: () => Promise<string[]>;
  appId: string;
  /** The PostgreSQL schema of our tables. */
  schema: string;
  /** Fails unless the store takes and gives bytes. */
  tryStore: () => Promise<void>;
  remedies: Remedies;
}

const usualRemedies: Record<Remedied, string> = {
  database: "Start PostgreSQL, or mend `database` of createFermataServer.",
  "database disk": "The disk of PostgreSQL is full: make room. Reads go on.",
  migrations: "Call fermata.migrate(), or run `npx fermata migrate`.",
  store: "The store of files does not take and give bytes. Is it full, read-only or away?",
  jobs: "Inngest does not know this app, or does not call it: register the address of `inngest` below basePath.",
};

const timeoutMs = 3_000;

/** Whether this process can serve: its database answers, is migrated, and the store of bytes is there. */
export async function checkReadiness(
  services: Services,
  { pendingMigrations, appId, schema, tryStore, ...looks }: ReadinessLooks,
): Promise<ReadinessCheck[]> {
  const remedies = { ...usualRemedies, ...looks.remedies };
  const check = (name: Remedied, look: () => Promise<unknown>) =>
    checkInTime(name, remedies[name], look);
  const findings = await Promise.all([
    check("database", () => askTwice(services.pool)),
    check("database disk", () => requireRoom(services.pool)),
    check("migrations", async () => {
      const pending = await pendingMigrations();
      if (pending.length > 0) throw new Error(`${pending.length} pending`);
    }),
    check("store", tryStore),
    checkOwner(services),
    checkClock(services),
    checkJobs(services, { appId, remedy: remedies.jobs }),
  ]);
  // Without a database they would all fail for the same reason.
  const isAway = findings.some(({ name, ok }) => name === "database" && !ok);
  if (isAway) return findings;
  return [...findings, ...(await checkOwners(services.pool, services.owners, schema))];
}

/** A store that is another's keeps nobody from reading and writing; it only is not swept. */
async function checkOwner(services: Services): Promise<ReadinessCheck> {
  const name = "store owner";
  const installation = await lastStanding(services).catch(() => null);
  const problem = installation && explainStanding(services, installation);
  return { name, ok: true, ...(problem && { notice: `${problem.finding} ${problem.remedy}` }) };
}

/** PostgreSQL's clock decides, so requests are served right; only what deletes by age waits. */
function checkClock({ clock }: Services): ReadinessCheck {
  const aheadMs = clock.machineAheadMs ?? 0;
  const isWrong = Math.abs(aheadMs) > mostClockGapMs;
  return { name: "clock", ok: true, ...(isWrong && { notice: describeClockGap(aheadMs) }) };
}

/** Whether Inngest knows this app's jobs and calls for them. */
async function checkJobs(
  services: Services,
  { appId, remedy }: { appId: string; remedy: string },
): Promise<ReadinessCheck> {
  const isEmbedded = services.jobs.engine === "embedded";
  const found = await checkInTime("jobs", remedy, async () => {
    const { problem, silentSince, registeredAt } = await readEngineState(services, appId);
    if (isEmbedded) return;
    if (problem !== null || silentSince !== null) throw new Error(problem ?? "silent");
    if (registeredAt === null) throw new Error("not registered yet");
  });
  return { ...found, required: false };
}

/** Asked only after a statement met a full disk: what is written is forgotten again, and shows whether there is room now. */
async function requireRoom(pool: Services["pool"]): Promise<void> {
  if (!(pool instanceof DatabasePool) || !pool.metFullDisk) return;
  await pool.query(
    "DO $$ BEGIN CREATE TEMP TABLE fermata_room ON COMMIT DROP AS SELECT repeat(md5(i::text), 100) AS x FROM generate_series(1, 1000) i; END $$",
  );
  pool.metFullDisk = false;
}

/** On two connections, and by name, as requests do: a pooler that mixes sessions up answers the first one. */
async function askTwice(pool: Services["pool"]): Promise<void> {
  const ask = { name: "readiness", text: "SELECT 1" };
  await Promise.all([pool.query(ask), pool.query(ask)]);
  await Promise.all([pool.query(ask), pool.query(ask)]);
}

async function checkInTime(
  name: string,
  remedy: string,
  look: () => Promise<unknown>,
): Promise<ReadinessCheck> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), timeoutMs);
  });
  try {
    await Promise.race([look(), tooLate]);
    return { name, ok: true, required: true };
  } catch (error) {
    // That of a newer database says more than we know.
    const said = error instanceof MigrationError ? error.message : remedy;
    return { name, ok: false, required: true, remedy: said };
  } finally {
    clearTimeout(timer);
  }
}
