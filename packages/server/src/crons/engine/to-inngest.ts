import { setMaxListeners } from "node:events";
import {
  cron,
  type Inngest,
  type InngestFunction,
  internalEvents,
  NonRetriableError,
  RetryAfterError,
} from "inngest";
import { serve } from "inngest/edge";
import { z } from "zod";
import type { CronJob, QueueJob, Services } from "../../context";
import { processMediaFunction } from "../../media/processing/media-functions";
import { compileTriggers } from "../compile-triggers";
import { slotAt } from "../next-slots";
import { type QueuedOutcome, runQueuedJob } from "../queue/run-queued-job";
import { needsTicker, planMinute, planMissed } from "../schedule/plan-ticks";
import { answerCall, type CallOutcome, type EngineCall } from "./answer-call";
import { cronEventName, enginesStartedEvent, queuedJobEventName, slotEvent } from "./cron-events";
import type { RunRequest } from "./run-job";

/** Of the call, not of the job: the ledger runs a slot once, however often an engine calls. */
const CALL_RETRIES = 3;
/** Engines may fire a trigger a moment early. */
const EARLY_MS = 1000;
/** Unless a queued job says otherwise: more would only wait for connections to the database. */
const EMBEDDED_CONCURRENCY = 16;
const EVENTS_PER_REQUEST = 1000;

const receivedEventSchema = z.object({
  name: z.string(),
  id: z.string().optional().catch(undefined),
  ts: z.number().optional(),
  data: z
    .object({
      scheduledAt: z.iso.datetime().optional().catch(undefined),
      slot: z.iso.datetime().optional().catch(undefined),
      runId: z.string().optional().catch(undefined),
    })
    .catch({}),
});
const queuedEventSchema = z.object({ jobId: z.string() });
type ReceivedEvent = z.infer<typeof receivedEventSchema>;

export interface InngestHandlerOptions {
  inngest: Inngest;
  /** Aborts when the server stops: runs end as failed then, rather than as lost a minute later. */
  stopping?: AbortSignal;
  onRunEnd?: () => void;
}

/**
 * The handler of the `inngest` route: one function a job, the ticker, and the processing of media. It answers 401 to whatever
 * is not signed with the client's key, unless the client is in development.
 */
export function createInngestHandler(
  services: Services,
  options: InngestHandlerOptions,
): (request: Request) => Promise<Response> {
  const functions = createInngestFunctions(services, options);
  return serve({ client: options.inngest, functions, enableUnauthedSync: false });
}

/** What the handler serves, for an app that serves them beside functions of its own. */
export function createInngestFunctions(
  services: Services,
  options: InngestHandlerOptions,
): InngestFunction.Any[] {
  const { inngest, stopping } = options;
  // Each run listens to it; Node takes more than ten for a leak.
  if (stopping) setMaxListeners(0, stopping);
  const jobs = services.crons.jobs.filter((job) => job.disabledReason(services) === null);
  const functions = jobs.map((job) => toFunction(services, job, options));
  for (const job of services.crons.queued)
    if (job.disabledReason(services) === null)
      functions.push(toQueuedFunction(services, job, options));
  functions.push(tickerFunction(services, inngest, jobs), processMediaFunction(services, inngest));
  return functions;
}

function toFunction(
  services: Services,
  job: CronJob,
  { inngest, stopping, onRunEnd }: InngestHandlerOptions,
): InngestFunction.Any {
  const crons = compileTriggers(job.planned) ?? [];
  return inngest.createFunction(
    {
      id: job.slug,
      name: job.name,
      description: job.description,
      retries: CALL_RETRIES,
      triggers: [
        ...crons.map((expression) => cron(expression)),
        { event: cronEventName(job.slug) },
      ],
    },
    async ({ event, runId, attempt }) => {
      const received = receivedEventSchema.parse(event);
      const call: EngineCall = {
        runId,
        eventId: received.id ?? `${received.name}:${received.ts}`,
        isLastAttempt: attempt >= CALL_RETRIES,
      };
      const outcome = await answerCall(services, job, toRunRequest(job, received), {
        call,
        stopping,
      });
      onRunEnd?.();
      return toAnswer(outcome);
    },
  );
}

function toQueuedFunction(
  services: Services,
  job: QueueJob,
  { inngest, stopping, onRunEnd }: InngestHandlerOptions,
): InngestFunction.Any {
  const isEmbedded = services.jobs.engine === "embedded";
  const concurrency = job.concurrency ?? (isEmbedded ? EMBEDDED_CONCURRENCY : null);
  return inngest.createFunction(
    {
      id: job.slug,
      name: job.name,
      description: job.description,
      retries: CALL_RETRIES,
      ...(concurrency !== null && { concurrency: { limit: concurrency } }),
      triggers: [{ event: queuedJobEventName(job.slug) }],
    },
    async ({ event, runId, attempt }) => {
      const { jobId } = queuedEventSchema.parse(event.data);
      const call = { jobId, engineRunId: runId, isLastAttempt: attempt >= CALL_RETRIES };
      const outcome = await runQueuedJob(services, job, call, stopping);
      onRunEnd?.();
      return toAnswer(outcome);
    },
  );
}

/** @throws what makes the engine show a failure, or call again */
function toAnswer(outcome: CallOutcome | QueuedOutcome) {
  if (outcome.status === "failed") throw toEngineError(outcome);
  if (outcome.status === "elsewhere")
    throw new RetryAfterError(outcome.reason, outcome.retryAfterSeconds * 1000);
  return outcome;
}

/** What the engine's dashboard shows: the job's own error, from where it was thrown. */
function toEngineError({ error, cause }: { error: string; cause?: unknown }): Error {
  const failure = new NonRetriableError(error, { cause });
  if (cause instanceof Error && cause.stack) failure.stack = cause.stack;
  return failure;
}

/** Whoever sends the event by hand, or invokes the function in Inngest's dashboard, gets a run by hand. */
function toRunRequest(job: CronJob, { name, ts, data }: ReceivedEvent): RunRequest {
  if (name === internalEvents.ScheduledTimer) {
    const firedAt = scheduledInstant({ ts, data })?.getTime();
    if (firedAt !== undefined) return { slot: slotAt(job.planned, new Date(firedAt + EARLY_MS)) };
  }
  if (data.runId !== undefined) return { runId: data.runId };
  if (data.slot !== undefined) return { slot: slotAt(job.schedule, new Date(data.slot)) };
  return { manual: true };
}

function scheduledInstant({ ts, data }: Pick<ReceivedEvent, "ts" | "data">): Date | undefined {
  if (data.scheduledAt !== undefined) return new Date(data.scheduledAt);
  return ts === undefined ? undefined : new Date(ts);
}

/**
 * Sends the events of the slots that no cron fires at, dated ahead: an engine delivers each at its time. Their ids make
 * doubles harmless. When an engine starts, the newest slot that was missed is sent, too.
 */
function tickerFunction(
  services: Services,
  inngest: Inngest,
  jobs: readonly CronJob[],
): InngestFunction.Any {
  const everyMinute = jobs.some(needsTicker) ? [cron("* * * * *")] : [];
  return inngest.createFunction(
    {
      id: "cron-ticker",
      name: "Cron ticker",
      description: "Sends the slots of the intervals that crons cannot express.",
      retries: CALL_RETRIES,
      triggers: [...everyMinute, { event: enginesStartedEvent }],
    },
    async ({ event }) => {
      const received = receivedEventSchema.parse(event);
      const isTimer = received.name === internalEvents.ScheduledTimer;
      const from = (isTimer && scheduledInstant(received)) || services.clock.now();
      const missed = isTimer ? [] : await planMissed(services, jobs);
      const events = [...missed, ...planMinute(jobs, from)].map(({ job, slot }) =>
        slotEvent({ slug: job.slug, slot }),
      );
      for (let i = 0; i < events.length; i += EVENTS_PER_REQUEST)
        await inngest.send(events.slice(i, i + EVENTS_PER_REQUEST));
      return { events: events.length };
    },
  );
}
