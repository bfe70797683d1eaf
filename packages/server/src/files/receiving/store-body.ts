import { sampleBytes } from "../../bytes/sniff-facts";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { readObject } from "../serving/read-object";
import { type ResolvedType, resolveType } from "../types/resolve-type";
import { abandonBytes, type UploadClaim } from "./claim-upload";
import { inspectImage } from "./inspect-image";
import { type BodyTerms, MeasuredBody } from "./measured-body";
import { settleUpload } from "./settle-upload";

type Ctx = Pick<
  Services,
  "pool" | "objects" | "workbench" | "clock" | "log" | "uploads" | "transaction"
>;

/**
 * Stores what streams in under a claim, verified on its way, and makes the file ready. Nothing is stored when it fails.
 * Bytes that begin as an image and cannot be decoded are kept as they are, without facts of an image.
 * @throws AppError INVALID_INPUT, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, CHECKSUM_MISMATCH, UPLOAD_INCOMPLETE,
 * UPLOAD_EXPIRED when the claim was lost meanwhile; and whatever `source` throws
 */
export async function storeBody(
  ctx: Ctx,
  claim: UploadClaim,
  source: AsyncIterable<Uint8Array>,
  terms: BodyTerms,
): Promise<void> {
  const { objectKey, uploaderId: whose } = claim;
  const body = new MeasuredBody(source, terms);
  const chunks = body.chunks();
  try {
    const head = await takeSample(chunks);
    const first = Buffer.concat(head);
    const resolved = await resolveType(terms, first);
    const bytes = looked(first, chunks, resolved);
    await ctx.objects.put("files", objectKey, bytes, { contentType: resolved.type });
    const contentType = resolved.end();
    const open = () => readObject(ctx, objectKey);
    const image = await inspectImage(ctx, { contentType, whose }, open).catch(
      async (error: unknown) => {
        await abandonBytes(ctx, objectKey);
        throw error;
      },
    );
    const { sizeBytes, sha256 } = body;
    // Should this fail, nobody knows whether it was done: the bytes stay, and the sweep looks at them again.
    if (!(await settleUpload(ctx, claim, { contentType, sizeBytes, sha256, image }))) {
      await abandonBytes(ctx, objectKey);
      throw new AppError("UPLOAD_EXPIRED");
    }
  } finally {
    await chunks.return(undefined);
  }
}

async function takeSample(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array[]> {
  const sample: Uint8Array[] = [];
  for (let bytes = 0; bytes < sampleBytes; ) {
    const { done, value } = await chunks.next();
    if (done) break;
    sample.push(value);
    bytes += value.byteLength;
  }
  return sample;
}

async function* looked(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
  resolved: ResolvedType,
): AsyncGenerator<Uint8Array> {
  yield first;
  for await (const chunk of rest) {
    resolved.add(chunk);
    yield chunk;
  }
  // What is refused at its end is refused before the store has all of it.
  resolved.end();
}
