import type { Inngest, InngestFunction } from "inngest";
import { z } from "zod";
import type { Services } from "../../context";
import { traced } from "../../ground/tracing";
import { mediaReadyEvent, type ProcessingRequest, processingRequestSchema } from "./media-events";
import { processMedia } from "./process-media";

const receivedSchema = z.array(z.object({ data: processingRequestSchema }));

/** Gathered so many, or for so long, before a run begins. */
const BATCH_EVENTS = 40;
const BATCH_WAIT = "2s";
/** Of one call, so that it ends long before a platform cuts it off. */
const MEDIA_PER_STEP = 5;
const RETRIES = 3;
/** Decoding takes a core and up to a gigabyte for each. One user has all but one: what is hostile, or much, is theirs. */
const STEPS_AT_ONCE = 3;
const STEPS_OF_A_USER = STEPS_AT_ONCE - 1;
const USER = "event.data.userId";

/**
 * Processes media as they become ready. A run takes a whole batch of one user's events, and a step several media: engines bill runs
 * and steps. What fails for a while is tried again; media that are through by then are passed over.
 */
export function processMediaFunction(services: Services, inngest: Inngest): InngestFunction.Any {
  return inngest.createFunction(
    {
      id: "process-media",
      name: "Process media",
      description: "Finds out what media are, and makes what pages need of them.",
      triggers: [{ event: mediaReadyEvent }],
      batchEvents: { maxSize: BATCH_EVENTS, timeout: BATCH_WAIT, key: USER },
      concurrency: [{ limit: STEPS_AT_ONCE }, { limit: STEPS_OF_A_USER, key: USER }],
      retries: RETRIES,
    },
    async ({ events, step, attempt }) => {
      const requests = receivedSchema.parse(events).map(({ data }) => data);
      const processAll = (some: ProcessingRequest[]) =>
        processEach(services, some, { isLastAttempt: attempt >= RETRIES });
      const parts = inParts(requests, MEDIA_PER_STEP);
      // A step of its own would double what a few media cost.
      if (parts.length === 1) return processAll(requests);
      const counts = await Promise.all(
        parts.map((part, index) => step.run(`part ${index + 1}`, () => processAll(part))),
      );
      return counts.reduce(add);
    },
  );
}

interface Counts {
  ready: number;
  failed: number;
  skipped: number;
}

/** One after the other. A media that must be tried again does not keep the others from their turn. */
async function processEach(
  services: Services,
  requests: ProcessingRequest[],
  options: { isLastAttempt: boolean },
): Promise<Counts> {
  const counts: Counts = { ready: 0, failed: 0, skipped: 0 };
  const failures: unknown[] = [];
  for (const request of requests) {
    try {
      counts[await processOne(services, request, options)]++;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return counts;
}

function processOne(
  services: Services,
  request: ProcessingRequest,
  options: { isLastAttempt: boolean },
): Promise<keyof Counts> {
  const { mediaId, requestId, traceParent } = request;
  const log = services.log.child({ mediaId, ...(requestId && { requestId }) });
  const work = {
    name: "process media",
    kind: "CONSUMER",
    isRoot: true,
    parent: traceParent,
    attributes: {
      "fermata.media.id": mediaId,
      ...(requestId && { "fermata.request_id": requestId }),
    },
  } as const;
  return traced(work, () => processMedia({ ...services, log }, request, options));
}

function add(a: Counts, b: Counts): Counts {
  return {
    ready: a.ready + b.ready,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

function inParts<T>(all: T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let i = 0; i < all.length; i += size) parts.push(all.slice(i, i + size));
  return parts;
}
