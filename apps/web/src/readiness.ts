import {
  DatabasePool,
  describeClockGap,
  explainStanding,
  lastStanding,
  mostClockGapMs,
  type ReadinessCheck,
  readEngineState,
  type Services,
} from "@fermata/server";

interface ReadinessLooks {
  pendingMigrations: () => Promise<string[]>;
  appId: string;
  /** Fails unless the store takes and gives bytes. */
  tryStore: () => Promise<void>;
}

const timeoutMs = 3_000;

/** Whether this process can serve: its database answers, is migrated, and the store of bytes is there. */
export async function checkReadiness(
  services: Services,
  { pendingMigrations, appId, tryStore }: ReadinessLooks,
): Promise<ReadinessCheck[]> {
  return Promise.all([
    check("database", "Start PostgreSQL, or mend DATABASE_URL.", () => askTwice(services.pool)),
    check("database disk", "The disk of PostgreSQL is full: make room. Reads go on.", () =>
      requireRoom(services.pool),
    ),
    check("migrations", "Run `npx prisma migrate deploy`, or restart the server.", async () => {
      const pending = await pendingMigrations();
      if (pending.length > 0) throw new Error(`${pending.length} pending`);
    }),
    check(
      "store",
      "Run `npm run doctor`: the store of files does not take and give bytes. Is it full, read-only or away?",
      tryStore,
    ),
    checkOwner(services),
    checkClock(services),
    checkJobs(services, appId),
  ]);
}

/** A store that is another's keeps nobody from reading and writing; it only is not swept. */
async function checkOwner(services: Services): Promise<ReadinessCheck> {
  const name = "store owner";
  const installation = await lastStanding(services).catch(() => null);
  const problem = installation && explainStanding(installation);
  return { name, ok: true, ...(problem && { notice: `${problem.finding} ${problem.remedy}` }) };
}

/** PostgreSQL's clock decides, so requests are served right; only what deletes by age waits. */
function checkClock({ clock }: Services): ReadinessCheck {
  const aheadMs = clock.machineAheadMs ?? 0;
  const isWrong = Math.abs(aheadMs) > mostClockGapMs;
  return { name: "clock", ok: true, ...(isWrong && { notice: describeClockGap(aheadMs) }) };
}

/** Whether Inngest knows this app's jobs and calls for them. */
async function checkJobs(services: Services, appId: string): Promise<ReadinessCheck> {
  const isEmbedded = services.jobs.engine === "embedded";
  const remedy = isEmbedded
    ? "Restart the server: the embedded runner does not run jobs."
    : "Run `npm run doctor`: Inngest does not know this app, or does not call it.";
  const found = await check("jobs", remedy, async () => {
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

async function check(
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
    return { name, ok: true };
  } catch {
    return { name, ok: false, remedy };
  } finally {
    clearTimeout(timer);
  }
}
