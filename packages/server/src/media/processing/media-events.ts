import { z } from "zod";

/** Media whose bytes are there and looked at, and that there is something to find out about or to make of. */
export const mediaReadyEvent = "storage/media.ready";

/** One round of processing of one media. */
export const processingRequestSchema = z.object({
  mediaId: z.string(),
  /** Of `Media.processingRound`: a request of an earlier round is no longer wanted. */
  round: z.number().int(),
  /** Whose it is: what one user asks for does not keep the others waiting. Requests of earlier releases do not say it. */
  userId: z.string().optional(),
  /** Of the request that asked, for the log. */
  requestId: z.string().optional(),
  /** The trace that it belongs to: W3C's `traceparent`. */
  traceParent: z.string().optional(),
});
export type ProcessingRequest = z.infer<typeof processingRequestSchema>;

/** Engines drop an event whose id they know. */
export function mediaReadyEventId({ mediaId, round }: ProcessingRequest): string {
  return `media:${mediaId}:${round}`;
}
