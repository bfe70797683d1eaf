import { setMaxListeners } from "node:events";
import {
  cron,
  type Inngest,
  type InngestFunction,
  internalEvents,
  NonRetriableError,
} from "inngest";
import { serve } from "inngest/edge";
import { z } from "zod";
import type { CronJob, Services } from "../../context";
import { processMediaFunction } from "../../media/processing/media-functions";
import { compileTriggers } from "../schedule/compile-triggers";
import { slotAt } from "../schedule/next-slots";
import { needsTicker, planMinute, planMissed, type Tick } from "../schedule/plan-ticks";
import { cronEventName, enginesStartedEvent } from "./cron-events";
import { type RunRequest, runJob } from "./run-job";

/** Of the call, not of the job: the ledger runs a slot once, however often an engine calls. */
const CALL_RETRIES = 3;
/** Engines may fire a trigger a moment early. */
const EARLY_MS = 1000;
const EVENTS_PER_REQUEST = 1000;

const receivedEventSchema = z.object({
  name: z.string(),
  ts: z.number().optional(),
  data: z
    .object({
      scheduledAt: z.iso.datetime().optional().catch(undefined),
      slot: z.iso.datetime().optional().catch(undefined),
      runId: z.string().optional().catch(undefined),
    })
    .catch({}),
});
type ReceivedEvent = z.infer<typeof receivedEventSchema>;

export interface InngestHandlerOptions {
  inngest: Inngest;
  /** Aborts when the server stops: runs end as failed then, rather than as lost a minute later. */
  stopping?: AbortSignal;
}

/**
 * The handler of `/api/inngest`: one function a job, the ticker, and the processing of media. It answers 401 to whatever
 * is not signed with the client's key, unless the client is in development.
 */
export function createInngestHandler(
  services: Services,
  { inngest, stopping }: InngestHandlerOptions,
): (request: Request) => Promise<Response> {
  // Each run listens to it; Node takes more than ten for a leak.
  if (stopping) setMaxListeners(0, stopping);
  const jobs = services.crons.jobs.filter((job) => job.disabledReason(services) === null);
  const functions = jobs.map((job) => toFunction(services, inngest, job, stopping));
  functions.push(tickerFunction(services, inngest, jobs), processMediaFunction(services, inngest));
  return serve({ client: inngest, functions, enableUnauthedSync: false });
}

function toFunction(
  services: Services,
  inngest: Inngest,
  job: CronJob,
  stopping: AbortSignal | undefined,
): InngestFunction.Any {
  const crons = compileTriggers(job.schedule) ?? [];
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
    async ({ event, runId }) => {
      const request = toRunRequest(job, receivedEventSchema.parse(event));
      const engineRunId = services.jobs.runUrl(runId) === null ? undefined : runId;
      const outcome = await runJob(services, job, request, { stopping, engineRunId });
      if (outcome.status === "failed") throw new NonRetriableError(outcome.error);
      return outcome;
    },
  );
}

/** Whoever sends the event by hand, or invokes the function in Inngest's dashboard, gets a run by hand. */
function toRunRequest(job: CronJob, { name, ts, data }: ReceivedEvent): RunRequest {
  if (name === internalEvents.ScheduledTimer) {
    const firedAt = scheduledInstant({ ts, data })?.getTime();
    if (firedAt !== undefined) return { slot: slotAt(job.schedule, new Date(firedAt + EARLY_MS)) };
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
      const events = [...missed, ...planMinute(jobs, from)].map(toEvent);
      for (let i = 0; i < events.length; i += EVENTS_PER_REQUEST)
        await inngest.send(events.slice(i, i + EVENTS_PER_REQUEST));
      return { events: events.length };
    },
  );
}

function toEvent({ job, slot }: Tick) {
  return {
    name: cronEventName(job.slug),
    id: `cron:${job.slug}:${slot.toISOString()}`,
    ts: slot.getTime(),
    data: { slot: slot.toISOString() },
  };
}
