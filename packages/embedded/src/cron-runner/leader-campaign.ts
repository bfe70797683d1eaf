import { createHash } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import { wait } from "./durations";
import type { RunnerLog } from "./runner-log";

/** Any number that nothing else locks in a Fermata database; one for each schema that holds an installation. */
const LEADER_LOCK_ID = 72_707_371;
/** The first half of the locks that say that a process lives; its number is the second. */
export const PRESENCE_LOCK_CLASS = 72_707_372;
const POLL_MS = 2000;
const PROOF_MS = 3000;
const QUERY_TIMEOUT_MS = 5000;
const STOP_GRACE_MS = 1000;

export interface LeaderCampaign {
  /** Gives the lead up, if it was held. */
  stop(): Promise<void>;
}

/**
 * Elects one process of all that stand for it: it holds an advisory lock on a connection of its own, which PostgreSQL
 * frees when the process dies, as it does the lock of its number. When PostgreSQL goes away the lead is given up, and stood for again when it is back.
 * The locks belong to a transaction that stays open: behind a transaction pooler those of a session would outlive the
 * process. It reads and writes nothing, so it holds nothing back.
 */
export function startLeaderCampaign(options: {
  pool: Pool;
  log: RunnerLog;
  /** The number of this process. */
  owner: number;
  /** Of the installation: others in the same database elect for themselves. */
  schema: string;
  onElected(): void;
  onDeposed(): void;
}): LeaderCampaign {
  const { log } = options;
  const stopping = new AbortController();
  const ended = run();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await serveOneTerm(await options.pool.connect());
      } catch (err) {
        log.warn({ err }, "the cron runner has no connection for its leader lock; trying again");
      }
      await wait(POLL_MS, stopping.signal);
    }
  }

  async function serveOneTerm(client: PoolClient): Promise<void> {
    const lost = new AbortController();
    // Unheard, the error of a lost connection would end the process.
    client.on("error", () => lost.abort());
    const over = AbortSignal.any([stopping.signal, lost.signal]);
    let leads = false;
    let isPresent = false;
    // A lost connection of this process may keep the lock for a while.
    const showPresence = async () => {
      if (!isPresent) isPresent = await tryLock(client, [PRESENCE_LOCK_CLASS, options.owner]);
    };
    try {
      await withTimeout(client.query("BEGIN"));
      while (!leads && !over.aborted) {
        await showPresence();
        leads = await tryLock(client, [leaderLockId(options.schema)]);
        if (!leads) await wait(POLL_MS, over);
      }
      if (over.aborted) return;
      log.info({}, "this process keeps the schedule of the cron jobs");
      options.onElected();
      while (await wait(PROOF_MS, over)) {
        await withTimeout(client.query("SELECT 1"));
        await showPresence();
      }
    } finally {
      if (leads) options.onDeposed();
      // Closed rather than returned: that frees the lock, whatever state the connection is in.
      client.release(true);
    }
  }

  return {
    async stop() {
      stopping.abort();
      // An attempt to connect may be under way; it closes what it gets.
      const grace = new AbortController();
      await Promise.race([ended, wait(STOP_GRACE_MS, grace.signal)]);
      grace.abort();
    },
  };
}

function leaderLockId(schema: string): number {
  if (schema === "public") return LEADER_LOCK_ID;
  // 48 bits: what a number holds exactly.
  return createHash("sha256").update(`${LEADER_LOCK_ID} ${schema}`).digest().readUIntBE(0, 6);
}

async function tryLock(client: PoolClient, id: number[]): Promise<boolean> {
  const numbers = id.map((_, i) => `$${i + 1}`).join(", ");
  const { rows } = await withTimeout(
    client.query<{ has: boolean }>(`SELECT pg_try_advisory_xact_lock(${numbers}) AS has`, id),
  );
  return rows[0]?.has === true;
}

/** A connection may be dead without having said so. */
async function withTimeout<T>(query: Promise<T>): Promise<T> {
  const answered = new AbortController();
  const late = wait(QUERY_TIMEOUT_MS, answered.signal).then((isOver) => {
    if (isOver) throw new Error(`PostgreSQL did not answer within ${QUERY_TIMEOUT_MS} ms`);
    return query;
  });
  try {
    return await Promise.race([query, late]);
  } finally {
    answered.abort();
  }
}
