import type { Prisma } from "../../generated/prisma/client";
import type { Tx } from "../../ground/db";
import type { ProcessingRequest } from "./media-events";

/**
 * Begins another round for media of a kind that is processed, and gives the requests for an engine.
 * @param which a condition on rows of Media, named `m`
 */
export async function beginProcessing(
  db: Pick<Tx, "$queryRaw">,
  { which, now, limit = 1 }: { which: Prisma.Sql; now: Date; limit?: number },
): Promise<ProcessingRequest[]> {
  return db.$queryRaw<ProcessingRequest[]>`
    UPDATE "Media" SET "processing" = 'processing', "processingError" = NULL,
      "processingRound" = "processingRound" + 1, "processingChangedAt" = ${now}
    WHERE "id" = ANY(ARRAY(
      SELECT m."id" FROM "Media" m WHERE m."status" = 'ready' AND ${which}
      ORDER BY m."processingChangedAt" LIMIT ${limit} FOR UPDATE SKIP LOCKED))
    RETURNING "id" AS "mediaId", "userId", "processingRound" AS "round"`;
}
