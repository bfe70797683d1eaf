import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Inngest } from "inngest";
import type { CronJob, CronRegistry, Services } from "../../context";
import { CallMeter } from "./call-meter";
import { CronPlanner } from "./cron-planner";
import { readEngineRecord, recordRegistration } from "./engine-record";
import { readEngineState } from "./engine-state";
import { registerApp } from "./register-app";
import { createInngestHandler } from "./to-inngest";

/** After a registration that failed: soon at first, since an engine often starts with the app; then every minute. */
const REGISTER_AGAIN_MS = [1_000, 2_000, 5_000, 10_000, 20_000, 30_000];
const LONGEST_PAUSE_MS = 60_000;
/** How often it is looked at whether the engine calls, and the app is registered again where it does not. */
const WATCH_MS = 5 * 60_000;
const WATCH_DEV_MS = 15_000;
/** What a start waits for an engine that does not answer. */
const PATIENCE_MS = 3_000;

export interface CronEngineOptions {
  inngest: Inngest;
  /** Aborts when the server stops: runs end as failed then, rather than as lost a minute later. */
  stopping?: AbortSignal;
  /** Lets work go on after an answer, where a platform would freeze the process then. */
  keepAlive?: (work: Promise<unknown>) => void;
}

/** What this process has to do with the engine that runs jobs: it is called by it, registers with it, and asks it. */
export interface CronEngine {
  /** Answers the engine's calls. */
  handler: (request: Request) => Promise<Response>;
  /**
   * For a process that stays up, once it answers at the endpoint: registers the app, again until it works and whenever the
   * engine does not call, and looks for missed slots and for work. Resolves when it was tried once, within seconds.
   */
  start(endpoint: URL): Promise<void>;
  /**
   * For a process that does not stay up, as it begins: registers the app at this address, unless the engine was told of these
   * very jobs and calls for them. Never fails.
   */
  introduce(endpoint: URL): Promise<void>;
  /** Looks for missed slots and for work now. Never fails. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

export function createCronEngine(services: Services, options: CronEngineOptions): CronEngine {
  const { inngest } = options;
  const { jobs: queue, log } = services;
  const appId = inngest.id;
  const jobs = services.crons.jobs.filter((job) => job.disabledReason(services) === null);
  const functionsHash = hashOf(jobs, services.crons);
  const meter = new CallMeter(services, appId);
  const planner = new CronPlanner(services, jobs, options.keepAlive);
  const answer = createInngestHandler(services, { ...options, onRunEnd: () => planner.hint() });
  queue.onHint((jobId) => (jobId === undefined ? planner.hint() : planner.expect(jobId)));
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isStarted = false;
  let wasRegistered = false;

  async function register(endpoint: URL): Promise<boolean> {
    const problem = await registerApp({ handler: answer, inngest, endpoint });
    const facts = { appId, endpoint: endpoint.href, functions: jobs.length };
    if (problem === null) log[wasRegistered ? "debug" : "info"](facts, "registered with Inngest");
    else log.warn({ ...facts, problem }, "Inngest does not know this app's jobs; trying again");
    wasRegistered = problem === null;
    try {
      await recordRegistration(services, { appId, functionsHash, problem });
    } catch (err) {
      log.warn({ err }, "what came of the registration could not be written down");
    }
    return problem === null;
  }

  async function keepRegistered(endpoint: URL, failures = 0): Promise<void> {
    const wasKnown = wasRegistered;
    const isRegistered = await register(endpoint);
    if (isStopped) return;
    // A dev server that is started again knows nobody.
    const isDev = inngest.mode === "dev";
    const watchMs = isDev ? WATCH_DEV_MS : WATCH_MS;
    const delayMs = isRegistered ? watchMs : (REGISTER_AGAIN_MS[failures] ?? LONGEST_PAUSE_MS);
    if (isRegistered && !wasKnown) await planner.look({ graceSeconds: 0 });
    const again = async () => {
      if (isRegistered && !isDev && !(await isSilent())) return wait(again, WATCH_MS);
      return keepRegistered(endpoint, isRegistered ? 0 : failures + 1);
    };
    wait(again, delayMs);
  }

  function wait(work: () => Promise<void>, delayMs: number): void {
    if (!isStopped) timer = setTimeout(() => void work(), delayMs).unref();
  }

  /** Whether a slot came and went without a call: the engine may have forgotten the app. */
  async function isSilent(): Promise<boolean> {
    try {
      return (await readEngineState(services, appId)).silentSince !== null;
    } catch {
      return false;
    }
  }

  return {
    async handler(request) {
      const response = await meter.measure(request, answer);
      // Where no process stays up, the engine's calls are the moments to look.
      if (!isStarted && request.method === "POST")
        await Promise.all([meter.flush(), planner.look()]);
      return response;
    },

    async start(endpoint) {
      isStarted = true;
      planner.start();
      if (queue.engine !== "inngest") return;
      const patience = new AbortController();
      const pause = sleep(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => {});
      await Promise.race([keepRegistered(endpoint), pause]);
      patience.abort();
    },

    async introduce(endpoint) {
      if (queue.engine !== "inngest") return;
      try {
        const { functionsHash: told, problem } = await readEngineRecord(services, appId);
        const isKnown = told === functionsHash && problem === null;
        if (!isKnown || (await isSilent())) await register(endpoint);
      } catch (err) {
        log.warn({ err }, "this process could not make its jobs known; the next one does it");
      }
    },

    look: () => planner.look(),

    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await planner.stop();
      await meter.flush();
    },
  };
}

/** Of all that an engine is told about the jobs. */
function hashOf(jobs: readonly CronJob[], registry: CronRegistry): string {
  const queued = registry.queued.map(({ name, slug, concurrency }) => [name, slug, concurrency]);
  const told = jobs.map(({ name, slug, description, planned }) => [
    name,
    slug,
    description,
    planned,
  ]);
  return createHash("sha256")
    .update(JSON.stringify([told, queued]))
    .digest("hex");
}
