import type { Inngest } from "inngest";
import {
  cronEventName,
  type EngineEvent,
  queuedJobEvent,
  slotEvent,
} from "../../crons/engine/cron-events";
import { mediaReadyEvent, mediaReadyEventId } from "../../media/processing/media-events";
import type { Clock } from "../../ports/clock";
import type { JobQueue } from "../../ports/job-queue";

const EVENTS_PER_REQUEST = 1000;
const CLOUD = "https://app.inngest.com/env/production";
const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** Sends what is asked for as events: to Inngest, or to the embedded runner, which speaks its protocol. */
export function createInngestJobQueue(options: {
  inngest: Inngest;
  engine: JobQueue["engine"];
  /** Dates what is asked for now: the SDK would take this machine's clock, and engines keep what lies ahead. */
  clock: Clock;
  /** Where people see its runs: a self-hosted server, the dev server, or Inngest's cloud; null where nobody does. */
  dashboard?: { url: string } | "cloud" | null;
  includedExecutions?: number | null;
}): JobQueue {
  const { dashboard = null } = options;
  const nowMs = () => options.clock.now().getTime();
  const listeners: ((jobId?: string) => void)[] = [];
  const sendAll = async (events: EngineEvent[]) => {
    for (let i = 0; i < events.length; i += EVENTS_PER_REQUEST)
      await options.inngest.send(events.slice(i, i + EVENTS_PER_REQUEST));
  };
  return {
    engine: options.engine,
    appId: options.inngest.id,
    includedExecutions: options.includedExecutions ?? null,
    dashboardUrl: dashboard === "cloud" ? CLOUD : (dashboard?.url ?? null),
    async runCron({ slug, runId }) {
      await options.inngest.send({
        name: cronEventName(slug),
        id: `cron-run:${runId}`,
        ts: nowMs(),
        data: { runId },
      });
    },
    async runSlots(requests) {
      await sendAll(requests.map(slotEvent));
    },
    async resumeRun({ slug, runId, at }) {
      const id = `resume:${runId}:${at.getTime()}`;
      await sendAll([{ name: cronEventName(slug), id, ts: at.getTime(), data: { runId } }]);
    },
    async runQueued(requests) {
      await sendAll(requests.map(queuedJobEvent));
    },
    async sendEvent(event) {
      await options.inngest.send({ ...event, ts: nowMs() });
    },
    async processMedia(requests) {
      await options.inngest.send(
        requests.map((request) => ({
          name: mediaReadyEvent,
          id: mediaReadyEventId(request),
          ts: nowMs(),
          data: request,
        })),
      );
    },
    runUrl(engineRunId) {
      // The embedded runner's ids look otherwise: a run that it began is shown nowhere.
      if (dashboard === null || !ULID.test(engineRunId)) return null;
      const id = encodeURIComponent(engineRunId);
      if (dashboard === "cloud") return `${CLOUD}/runs/${id}`;
      return new URL(`/run?runID=${id}`, dashboard.url).href;
    },
    hint() {
      for (const listener of listeners) listener();
    },
    hintQueued(jobId) {
      for (const listener of listeners) listener(jobId);
    },
    onHint(listener) {
      listeners.push(listener);
    },
  };
}
