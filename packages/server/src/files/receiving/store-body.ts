import { limits } from "@fermata/contract";
import { isTextType } from "../../bytes/content-types";
import { sampleBytes } from "../../bytes/sniff-type";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { type ImageFacts, readImageFacts } from "../../images/read-image-facts";
import { readObject } from "../serving/read-object";
import { resolveType } from "../types/resolve-type";
import { TextCheck } from "../types/text-check";
import { abandonBytes, type UploadClaim } from "./claim-upload";
import { type BodyTerms, MeasuredBody } from "./measured-body";
import { settleUpload } from "./settle-upload";

type Ctx = Pick<Services, "pool" | "objects" | "clock" | "log">;

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
  const { objectKey } = claim;
  const body = new MeasuredBody(source, terms);
  const chunks = body.chunks();
  try {
    const head = await takeSample(chunks);
    const contentType = await resolveType(terms.claimedType, Buffer.concat(head));
    await ctx.objects.put("files", objectKey, checked(head, chunks, contentType), { contentType });
    const image = await inspect(ctx, objectKey, contentType).catch(async (error: unknown) => {
      await abandonBytes(ctx, objectKey);
      throw error;
    });
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

/** Read back from the store, a few at a time: however many images arrive at once, memory stays flat. */
async function inspect(
  ctx: Ctx,
  objectKey: string,
  contentType: string,
): Promise<ImageFacts | null> {
  if (!contentType.startsWith("image/")) return null;
  return readImageFacts(() => readObject(ctx, objectKey), {
    maxPixels: limits.files.maxImagePixels,
  });
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

async function* checked(
  head: Uint8Array[],
  rest: AsyncGenerator<Uint8Array>,
  contentType: string,
): AsyncGenerator<Uint8Array> {
  const text = isTextType(contentType) ? new TextCheck(contentType) : null;
  for (const chunk of head) {
    text?.add(chunk);
    yield chunk;
  }
  for await (const chunk of rest) {
    text?.add(chunk);
    yield chunk;
  }
  text?.end();
}
