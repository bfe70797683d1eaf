import { createHash } from "node:crypto";
import { limits } from "@fermata/contract";
import { isTextType } from "../bytes/content-types";
import { type BodyBounds, discardBody, readBody } from "../bytes/read-body";
import { sampleBytes } from "../bytes/sniff-type";
import type { RequestContext } from "../context";
import { AppError } from "../errors";
import type { FileModel } from "../generated/prisma/models/File";
import { readClaimedType } from "./accepted-types";
import {
  claimUpload,
  findGrant,
  queueBytes,
  releaseUpload,
  type UploadClaim,
} from "./claim-upload";
import { readDigest } from "./read-digest";
import { resolveType } from "./resolve-type";
import { TextCheck } from "./text-check";

const defaultBounds: BodyBounds = { idleSeconds: 30, totalSeconds: 300 };
/** What storing may take once the last byte is here. */
const storingSeconds = 90;

/**
 * Stores what is posted to an upload URL, verified while it streams. Nothing is stored, and the URL can be used again, when
 * it fails.
 * @throws AppError NOT_FOUND, FORBIDDEN, UPLOAD_EXPIRED, UPLOAD_ALREADY_USED, INVALID_INPUT, PAYLOAD_TOO_LARGE,
 * UNSUPPORTED_MEDIA_TYPE, CHECKSUM_MISMATCH, UPLOAD_INCOMPLETE
 */
export async function receiveUpload(
  ctx: RequestContext,
  { request, token }: { request: Request; token: string },
  bounds: BodyBounds = defaultBounds,
): Promise<{ storageId: string }> {
  try {
    const callerId = ctx.identity?.kind === "user" ? ctx.identity.userId : null;
    const file = await findGrant(ctx, token, callerId);
    const expected = readExpectations(request, file);
    const claim = await claimUpload(ctx, file, bounds.totalSeconds + storingSeconds);
    try {
      return await storeBody(ctx, claim, request, expected, bounds);
    } catch (error) {
      // Where the database is away too, the claim ends by itself.
      await releaseUpload(ctx, claim).catch(() => {});
      throw error;
    }
  } finally {
    await discardBody(request.body);
  }
}

interface Expectations {
  claimedType: string | null;
  maxBytes: number;
  /** Hexadecimal; every one must match. */
  sha256: string[];
}

/** What the headers and the grant say beforehand, refused before a byte is read. */
function readExpectations({ headers }: Request, file: FileModel): Expectations {
  const maxBytes = file.grantSizeBytes ?? limits.files.maxBytes;
  if (Number(headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const claimedType = readClaimedType(headers.get("content-type"));
  if (claimedType && file.grantType && claimedType !== file.grantType) {
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", {
      contentType: claimedType,
      granted: file.grantType,
    });
  }
  const sha256 = [readDigest(headers.get("digest")), file.grantSha256].filter(
    (sum) => sum !== null,
  );
  return { claimedType: file.grantType ?? claimedType, maxBytes, sha256 };
}

async function storeBody(
  ctx: RequestContext,
  claim: UploadClaim,
  request: Request,
  expected: Expectations,
  bounds: BodyBounds,
): Promise<{ storageId: string }> {
  const { file, objectKey } = claim;
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let sha256 = "";

  /** Counts and hashes what passes. It ends only when everything that was promised holds. */
  async function* measured() {
    for await (const chunk of readBody(request.body, bounds)) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > expected.maxBytes) throw tooLarge(expected.maxBytes);
      hash.update(chunk);
      yield chunk;
    }
    if (sizeBytes === 0) throw new AppError("INVALID_INPUT", { reason: "the body is empty" });
    if (file.grantSizeBytes !== null && sizeBytes < file.grantSizeBytes) {
      throw new AppError("UPLOAD_INCOMPLETE", { expectedBytes: file.grantSizeBytes, sizeBytes });
    }
    sha256 = hash.digest("hex");
    if (expected.sha256.some((sum) => sum !== sha256)) {
      throw new AppError("CHECKSUM_MISMATCH", { algorithm: "sha-256" });
    }
  }

  const chunks = measured();
  try {
    const head = await takeSample(chunks);
    const contentType = await resolveType(expected.claimedType, Buffer.concat(head));
    const body = checked(head, chunks, contentType);
    await ctx.objects.put("files", objectKey, body, { contentType });
    const { count } = await ctx.db.file.updateMany({
      where: { id: file.id, status: "receiving", objectKey },
      data: {
        status: "ready",
        contentType,
        sizeBytes,
        sha256,
        readyAt: ctx.clock.now(),
        claimExpiresAt: null,
      },
    });
    if (count === 0) {
      await queueBytes(ctx, objectKey);
      throw new AppError("UPLOAD_EXPIRED");
    }
    return { storageId: file.id };
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

function tooLarge(limitBytes: number): AppError {
  return new AppError("PAYLOAD_TOO_LARGE", { limitBytes });
}
