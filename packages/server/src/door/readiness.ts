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

/** For all of them together: they look at the same time. */
const timeoutMs = 3_000;
/** A look that takes so long may hang on a dead connection, where another would not. */
const anewMs = 2 * timeoutMs;

/**
 * Whether this process can serve: its database answers, is migrated, and the store of bytes is there. What does not answer
 * in time is one finding among the others.
 */
export function createReadiness(
  services: Services,
  { pendingMigrations, appId, schema, tryStore, ...looks }: ReadinessLooks,
): () => Promise<ReadinessCheck[]> {
  const remedies = { ...usualRemedies, ...looks.remedies };
  const once = joinLooks();
  const check = (name: Remedied, look: () => Promise<unknown>) =>
    checkInTime(name, remedies[name], () => once(name, look));
  return async () => {
    const [owners, ...findings] = await Promise.all([
      checkOwnersInTime(() =>
        once("owners", () => checkOwners(services.pool, services.owners, schema)),
      ),
      check("database", () => askTwice(services.pool)),
      check("database disk", () => requireRoom(services.pool)),
      check("migrations", async () => {
        const pending = await pendingMigrations();
        if (pending.length > 0) throw new Error(`${pending.length} pending`);
      }),
      // It joins trials itself.
      checkInTime("store", remedies.store, tryStore),
      checkStoreOwner(services, once),
      checkClock(services),
      checkJobs(services, { once, appId, remedy: remedies.jobs }),
    ]);
    // Without a database they would all fail for the same reason.
    const isAway = findings.some(({ name, ok }) => name === "database" && !ok);
    return isAway ? findings : [...findings, ...owners];
  };
}

/** Joins the look of that name that is under way, or begins one. */
type Once = <T>(name: string, look: () => Promise<T>) => Promise<T>;

/** While PostgreSQL hangs, each look holds connections until it is given up: whoever asks again waits for the same one. */
function joinLooks(): Once {
  const looks = new Map<string, { begunAtMs: number; found: Promise<unknown> }>();
  return <T>(name: string, look: () => Promise<T>) => {
    const last = looks.get(name);
    if (last && performance.now() - last.begunAtMs < anewMs) return last.found as Promise<T>;
    const found = look().finally(() => {
      if (looks.get(name)?.found === found) looks.delete(name);
    });
    looks.set(name, { begunAtMs: performance.now(), found });
    return found;
  };
}

/** A store that is another's keeps nobody from reading and writing; it only is not swept. */
async function checkStoreOwner(services: Services, once: Once): Promise<ReadinessCheck> {
  const name = "store owner";
  const look = once(name, () => lastStanding(services));
  const installation = await inTime(look).catch(() => null);
  const problem = installation && explainStanding(services, installation);
  return { name, ok: true, ...(problem && { notice: `${problem.finding} ${problem.remedy}` }) };
}

/** Whose columns cannot be looked at, they all are one finding. */
async function checkOwnersInTime(look: () => Promise<ReadinessCheck[]>): Promise<ReadinessCheck[]> {
  try {
    return await inTime(look());
  } catch {
    const remedy = "PostgreSQL did not say what columns the tables have. Look whether it is busy.";
    return [{ name: "owners", ok: false, required: false, remedy }];
  }
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
  { once, appId, remedy }: { once: Once; appId: string; remedy: string },
): Promise<ReadinessCheck> {
  const isEmbedded = services.jobs.engine === "embedded";
  const found = await checkInTime("jobs", remedy, async () => {
    const state = await once("jobs", () => readEngineState(services, appId));
    const { problem, silentSince, registeredAt } = state;
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
  try {
    await inTime(look());
    return { name, ok: true, required: true };
  } catch (error) {
    // That of a newer database says more than we know.
    const said = error instanceof MigrationError ? error.message : remedy;
    return { name, ok: false, required: true, remedy: said };
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), timeoutMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
