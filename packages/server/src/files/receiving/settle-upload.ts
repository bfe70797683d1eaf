import type { Pool } from "pg";
import { SharedStatement } from "../../ground/shared-statement";
import type { UploadClaim } from "./claim-upload";
import { type RuleContext, settleByRule } from "./settle-by-rule";
import type { StoredFacts } from "./stored-facts";

interface Settled extends UploadClaim, StoredFacts {
  at: Date;
}

/** Those of one user are counted in one row, so they would wait for each other's commits: they share them. */
type Lanes = Map<string, SharedStatement<Settled, object>>;
const lanesOf = new WeakMap<Pool, Lanes>();

/**
 * The bytes are stored: from here on the file can be seen.
 * @returns whether the row still named them
 * @throws AppError the reason of the rule that the upload was granted by, when it has failed by it
 */
export async function settleUpload(
  ctx: RuleContext,
  claim: UploadClaim,
  facts: StoredFacts,
): Promise<boolean> {
  if (claim.rule !== null) return settleByRule(ctx, { ...claim, rule: claim.rule }, facts);
  const { pool, clock } = ctx;
  const lanes = lanesOf.get(pool) ?? new Map();
  lanesOf.set(pool, lanes);
  const lane: SharedStatement<Settled, object> =
    lanes.get(claim.uploaderId) ??
    new SharedStatement({ atOnce: 1, most: 16, run: (uploads) => settle(pool, uploads) });
  lanes.set(claim.uploaderId, lane);
  try {
    return (await lane.ask({ ...claim, ...facts, at: clock.now() })) !== null;
  } finally {
    if (lane.isIdle) lanes.delete(claim.uploaderId);
  }
}

const columns = [
  ["id", "text"],
  ["objectKey", "text"],
  ["contentType", "text"],
  ["sizeBytes", "int"],
  ["sha256", "text"],
  ["readyAt", "timestamptz"],
  ["width", "int"],
  ["height", "int"],
  ["orientation", "int"],
  ["thumbHash", "text"],
  ["hasLocation", "boolean"],
] as const;

const texts = new Map<number, string>();

/** Rows and no arrays: of those PostgreSQL cannot know the length beforehand, and would plan each time anew. */
function textFor(uploads: number): string {
  const known = texts.get(uploads);
  if (known) return known;
  const rows = Array.from({ length: uploads }, (_, index) => {
    const values = columns.map(([, type], at) => `$${index * columns.length + at + 1}::${type}`);
    return `(${index}, ${values.join(", ")})`;
  });
  // A key is of one attempt alone, so a row that still names it is that attempt's.
  const text = `UPDATE "File" f SET "status" = 'ready', "claimExpiresAt" = NULL, "contentType" = w."contentType",
      "sizeBytes" = w."sizeBytes", "sha256" = w."sha256", "readyAt" = w."readyAt", "width" = w."width",
      "height" = w."height", "orientation" = w."orientation", "thumbHash" = w."thumbHash",
      "hasLocation" = w."hasLocation"
    FROM (VALUES ${rows.join(", ")}) AS w("index", ${columns.map(([name]) => `"${name}"`).join(", ")})
    WHERE f."id" = w."id" AND f."objectKey" = w."objectKey" AND f."status" <> 'ready'
    RETURNING w."index"`;
  texts.set(uploads, text);
  return text;
}

async function settle(pool: Pool, uploads: Settled[]): Promise<{ index: number }[]> {
  const { rows } = await pool.query<{ index: number }>({
    name: `settle ${uploads.length} uploads`,
    text: textFor(uploads.length),
    values: uploads.flatMap(({ fileId, objectKey, contentType, sizeBytes, sha256, at, image }) => [
      fileId,
      objectKey,
      contentType,
      sizeBytes,
      sha256,
      at,
      image?.widthPx ?? null,
      image?.heightPx ?? null,
      image?.orientation ?? null,
      image?.thumbHash ?? null,
      image?.hasLocation ?? null,
    ]),
  });
  return rows;
}
