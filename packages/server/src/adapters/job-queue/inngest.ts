import type { Inngest } from "inngest";
import { cronEventName } from "../../crons/engine/cron-events";
import { mediaReadyEvent, mediaReadyEventId } from "../../media/processing/media-events";
import type { JobQueue } from "../../ports/job-queue";

/** Sends what is asked for as events: to Inngest, or to the embedded runner, which speaks its protocol. */
export function createInngestJobQueue(options: {
  inngest: Inngest;
  engine: JobQueue["engine"];
  /** Where people see its runs: a self-hosted server, the dev server, or Inngest's cloud; null where nobody does. */
  dashboard?: { url: string } | "cloud" | null;
}): JobQueue {
  const { dashboard = null } = options;
  return {
    engine: options.engine,
    async runCron({ slug, runId }) {
      await options.inngest.send({
        name: cronEventName(slug),
        id: `cron-run:${runId}`,
        data: { runId },
      });
    },
    async processMedia(requests) {
      await options.inngest.send(
        requests.map((request) => ({
          name: mediaReadyEvent,
          id: mediaReadyEventId(request),
          data: request,
        })),
      );
    },
    runUrl(engineRunId) {
      if (dashboard === null) return null;
      const id = encodeURIComponent(engineRunId);
      if (dashboard === "cloud") return `https://app.inngest.com/env/production/runs/${id}`;
      return new URL(`/run?runID=${id}`, dashboard.url).href;
    },
  };
}
