import type { Pool } from "pg";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { resolveType } from "../types/resolve-type";
import { abandonBytes, type UploadClaim } from "./claim-upload";
import { inspectImage } from "./inspect-image";
import { type BodyTerms, MeasuredBody } from "./measured-body";
import { settleUpload } from "./settle-upload";
import type { StoredFacts } from "./stored-facts";

type Ctx = Pick<Services, "pool" | "objects" | "clock" | "log" | "uploads" | "transaction">;

/** What is held in memory of a body that streams, too, and written by one call. */
export const wholeBytes = 256 * 1024;

/** A small body, verified before any of it is stored. */
export interface WholeBody extends StoredFacts {
  bytes: Uint8Array;
}

/** @throws AppError as `storeBody` does, and whatever `source` throws */
export async function readWhole(
  ctx: Pick<Services, "workbench" | "log">,
  source: AsyncIterable<Uint8Array>,
  { whose, ...terms }: BodyTerms & { whose: string },
): Promise<WholeBody> {
  const body = new MeasuredBody(source, terms);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.chunks()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const contentType = (await resolveType(terms, bytes)).end();
  const image = await inspectImage(ctx, { contentType, whose }, async () => bytes);
  const { sizeBytes, sha256 } = body;
  return { bytes, contentType, sizeBytes, sha256, image };
}

/**
 * Stores a body under the key that a pending row has named from the beginning, and makes the file ready: the row needs no
 * claim, as of any number of callers at most one creates an object.
 * @returns "taken" where something lies under the key; "lost" where the row named it no more when it lay there
 */
export async function storeWhole(
  ctx: Ctx,
  claim: UploadClaim,
  whole: WholeBody,
): Promise<"stored" | "taken" | "lost"> {
  const { objectKey } = claim;
  const { bytes, contentType } = whole;
  try {
    await ctx.objects.put("files", objectKey, bytes, { contentType });
  } catch (error) {
    if (error instanceof AppError && error.code === "CONFLICT") return "taken";
    throw error;
  }
  // Should this fail, nobody knows whether it was done: the bytes stay, and the next attempt finds them.
  if (await settleUpload(ctx, claim, whole)) return "stored";
  await abandonBytes(ctx, objectKey);
  return "lost";
}

const underWay = new WeakMap<Pool, Set<string>>();

/**
 * Lets one of those who use a grant at once work, in this process.
 * @throws AppError UPLOAD_ALREADY_USED for the others
 */
export async function alone<T>(
  { pool }: Pick<Services, "pool">,
  fileId: string,
  work: () => Promise<T>,
): Promise<T> {
  const files = underWay.get(pool) ?? new Set();
  underWay.set(pool, files);
  if (files.has(fileId)) throw new AppError("UPLOAD_ALREADY_USED");
  files.add(fileId);
  try {
    return await work();
  } finally {
    files.delete(fileId);
  }
}

export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
