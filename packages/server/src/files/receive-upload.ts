import { limits } from "@fermata/contract";
import { type Body, type BodyBounds, discardBody, readBody } from "../bytes/read-body";
import type { RequestContext } from "../context";
import { AppError } from "../errors";
import { readClaimedType } from "./accepted-types";
import { claimUpload, findGrant, type Grant, releaseUpload } from "./claim-upload";
import { readDigest } from "./read-digest";
import { storeBody, tooLarge } from "./store-body";

type Ctx = Pick<RequestContext, "identity" | "pool" | "objects" | "clock" | "log">;

/** What receiving needs of a request: a `Request` has it, and Node's own gives it without becoming one. */
export interface PostedFile {
  headers: { get(name: string): string | null };
  body: Body;
}

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
  ctx: Ctx,
  { request, token }: { request: PostedFile; token: string },
  bounds: BodyBounds = defaultBounds,
): Promise<{ storageId: string }> {
  try {
    const callerId = ctx.identity?.kind === "user" ? ctx.identity.userId : null;
    const leaseSeconds = bounds.totalSeconds + storingSeconds;
    const said = await readHeaders(request).catch(async (error) => {
      // Of a URL that cannot be used anyway, that is what there is to say.
      await findGrant(ctx, token, callerId);
      throw error;
    });
    const claim = await claimUpload(ctx, { ...said, token, callerId, leaseSeconds });
    if (!claim) throw refusalOf(await findGrant(ctx, token, callerId), said);
    try {
      await storeBody(ctx, claim, readBody(request.body, bounds), {
        claimedType: claim.grantType ?? said.contentType,
        maxBytes: claim.grantSizeBytes ?? limits.files.maxBytes,
        sizeBytes: claim.grantSizeBytes,
        sha256: [said.sha256, claim.grantSha256].filter((sum) => sum !== null),
      });
      return { storageId: claim.fileId };
    } catch (error) {
      // Where the database is away too, the claim ends by itself.
      await releaseUpload(ctx, claim).catch(() => {});
      throw error;
    }
  } finally {
    await discardBody(request.body);
  }
}

interface Said {
  sizeBytes: number | null;
  contentType: string | null;
  /** Hexadecimal. */
  sha256: string | null;
}

/** What the headers claim, refused before a byte is read where it cannot be. */
async function readHeaders({ headers }: PostedFile): Promise<Said> {
  const length = Number(headers.get("content-length") ?? Number.NaN);
  return {
    sizeBytes: Number.isSafeInteger(length) ? length : null,
    contentType: readClaimedType(headers.get("content-type")),
    sha256: readDigest(headers.get("digest")),
  };
}

/** Why a grant that can be used was not given for this. */
function refusalOf(grant: Grant, { sizeBytes, contentType }: Said): AppError {
  const maxBytes = grant.grantSizeBytes ?? limits.files.maxBytes;
  if (sizeBytes !== null && sizeBytes > maxBytes) return tooLarge(maxBytes);
  if (contentType && grant.grantType && contentType !== grant.grantType) {
    return new AppError("UNSUPPORTED_MEDIA_TYPE", { contentType, granted: grant.grantType });
  }
  // Somebody else had it for a moment.
  return new AppError("UPLOAD_ALREADY_USED");
}
