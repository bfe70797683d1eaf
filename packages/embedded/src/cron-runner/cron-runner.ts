import { createHash, randomInt, randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { Pool } from "pg";
import { Agenda } from "./agenda";
import { wait } from "./durations";
import { EventBus, type IncomingEvent, type RunnerEvent } from "./event-bus";
import { type LeaderCampaign, startLeaderCampaign } from "./leader-campaign";
import { RunDesk } from "./run-desk";
import { RunStore } from "./run-store";
import type { RunnerLog } from "./runner-log";
import { keepSchedule } from "./scheduler";
import { createSdkClient } from "./sdk-client";

const DEFAULT_RETRY_DELAYS_MS = [10_000, 30_000, 60_000, 120_000, 300_000, 600_000];
const STOP_GRACE_MS = 2000;
const RELEASE_MS = 1000;

export interface CronRunnerOptions {
  /** The key that the serve handler checks: `signkey-embedded-<hexadecimal>`. */
  signingKey: string;
  log: RunnerLog;
  /** An event to send whenever this process begins to keep the schedule. */
  electedEvent?: string;
  now?: () => Date;
  /** How long to wait before each further attempt; the last one repeats. */
  retryDelaysMs?: readonly number[];
}

export interface CronRunner {
  /** Stands in for the network of an Inngest client: takes the events that it sends. */
  fetch: typeof fetch;
  /** Registers the handler's functions and begins. Until then events are refused with 503, which clients try again. */
  start(engine: {
    handler: (request: Request) => Promise<Response>;
    /** The application's database. The runner's tables lie in a schema of their own. */
    pool: Pool;
    /** Where the election holds one connection for as long as the process lives: past a transaction pooler, where there is a way. */
    sessions?: Pool;
    /** The schema of the application's tables: another installation in the same database has its own runner. Default: `public`. */
    schema?: string;
  }): Promise<void>;
  /** Takes no more work, waits up to two seconds for what runs, and leaves the rest to the next start. */
  stop(): Promise<void>;
}

/**
 * What one machine needs of Inngest, in the process itself: crons, events (also dated ahead), steps, sleeps, waits,
 * invocations, retries, `singleton: skip`, limits of concurrency and batches. Events, sleeps, retries, results of steps
 * and the schedule are in PostgreSQL and outlive the process; a run that a crash cuts off begins again after its last
 * step. Of several processes on one database, one keeps the schedule; every process runs the events that it is sent and
 * keeps to limits by itself. Further flow control is named in the log and not done.
 */
export function createCronRunner(options: CronRunnerOptions): CronRunner {
  const { log } = options;
  const now = options.now ?? (() => new Date());
  const owner = randomInt(2 ** 31 - 1);
  const stopping = new AbortController();
  // Every wait listens to it; Node takes more than ten for a leak.
  setMaxListeners(0, stopping.signal);
  const agenda = new Agenda(now);
  const bus = new EventBus(agenda, stopping.signal);
  let desk: RunDesk | undefined;
  let campaign: LeaderCampaign | undefined;
  let stopSchedule = () => {};

  async function receive(incoming: IncomingEvent[], to: RunDesk): Promise<string[]> {
    const events = incoming.map(complete);
    await to.receive(events);
    for (const event of events) bus.send(event);
    return events.map(({ id }) => id);
  }

  function complete(event: IncomingEvent): RunnerEvent {
    const { id = randomUUID(), ts = now().getTime(), data = {} } = event;
    return { ...event, id, ts, data };
  }

  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      const { pathname } = new URL(request.url);
      if (request.method !== "POST" || !pathname.startsWith("/e/"))
        return Response.json({ error: "the embedded cron runner only takes events", status: 404 });
      if (!desk || stopping.signal.aborted)
        return Response.json({ error: "the cron runner is not running", status: 503 });
      const events = [(await request.json()) as IncomingEvent | IncomingEvent[]].flat();
      try {
        return Response.json({ ids: await receive(events, desk), status: 200 });
      } catch (err) {
        log.warn({ err }, "events could not be written down");
        return Response.json({ error: "the events could not be written down", status: 503 });
      }
    },

    async start({ handler, pool, sessions = pool, schema = "public" }) {
      const store = new RunStore(pool, owner, runnerSchemaOf(schema));
      await store.prepare();
      const sdk = createSdkClient({ handler, signingKey: options.signingKey });
      const functions = await sdk.register();
      const started = new RunDesk({
        functions,
        store,
        sdk,
        bus,
        agenda,
        log,
        signal: stopping.signal,
        retryDelaysMs: options.retryDelaysMs ?? DEFAULT_RETRY_DELAYS_MS,
      });
      desk = started;
      log.info({ functions: functions.length }, "the embedded cron runner is ready");
      campaign = startLeaderCampaign({
        pool: sessions,
        log,
        owner,
        schema,
        onElected() {
          const begin = started.begin.bind(started);
          stopSchedule = keepSchedule({ functions, store, agenda, log, begin });
          const { electedEvent } = options;
          if (electedEvent)
            receive([{ name: electedEvent }], started).catch((err) =>
              log.error({ err }, "the event of the election could not be written down"),
            );
        },
        onDeposed: () => stopSchedule(),
      });
    },

    async stop() {
      stopSchedule();
      stopping.abort();
      await within(STOP_GRACE_MS, desk?.settle());
      // After what ran has ended, before another process is elected.
      await within(RELEASE_MS, desk?.release());
      await campaign?.stop();
    },
  };
}

/** Names in PostgreSQL end after 63 bytes. */
function runnerSchemaOf(schema: string): string {
  if (schema === "public") return "fermata_runner";
  return Buffer.byteLength(schema) <= 56
    ? `${schema}_runner`
    : `fermata_runner_${createHash("sha256").update(schema).digest("hex").slice(0, 16)}`;
}

async function within(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  const ended = new AbortController();
  await Promise.race([work?.finally(() => ended.abort()), wait(ms, ended.signal)]);
}
