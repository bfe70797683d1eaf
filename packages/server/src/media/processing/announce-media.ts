import { setTimeout as sleep } from "node:timers/promises";
import type { Services } from "../../context";
import { currentTrace } from "../../ground/tracing";
import type { ProcessingRequest } from "./media-events";

type Ctx = Pick<Services, "jobs" | "log"> & { requestId?: string };

/** What whoever completes an upload waits for the engine. */
const soonMs = 3_000;

/**
 * Asks for the processing of media that became ready. It never fails, and never keeps its caller long: a request that
 * does not get through is made again by the job that looks for such media.
 */
export async function announceMedia(ctx: Ctx, request: ProcessingRequest): Promise<void> {
  const { requestId } = ctx;
  const traceParent = currentTrace();
  const patience = new AbortController();
  const sent = (async () =>
    ctx.jobs.processMedia([
      { ...request, ...(requestId && { requestId }), ...(traceParent && { traceParent }) },
    ]))().catch((err) => ctx.log.warn({ err, ...request }, "media wait for their processing"));
  const pause = sleep(soonMs, undefined, { signal: patience.signal }).catch(() => {});
  await Promise.race([sent, pause]);
  patience.abort();
}
