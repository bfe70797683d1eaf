import { limits } from "@fermata/contract";
import { readDigest } from "../../bytes/digest-headers";
import { type BodyBounds, discardBody, readBody } from "../../bytes/read-body";
import { uploadBounds } from "../../bytes/upload-bounds";
import type { RequestContext } from "../../context";
import { AppError } from "../../ground/errors";
import { readCharset, readClaimedType } from "../types/accepted-types";
import { claimUpload, releaseUpload, renewClaim } from "./claim-upload";
import { findGrant, type Grant } from "./find-grant";
import { type BodyTerms, tooLarge } from "./measured-body";
import { meansQuarantine, type PostedFile, withQuarantined } from "./quarantine";
import { recallGrant } from "./remembered-grants";
import { reserveAgain } from "./reserve-again";
import { storeBody } from "./store-body";
import { alone, once, readWhole, storeWhole, wholeBytes } from "./store-whole";

type Ctx = Pick<
  RequestContext,
  "identity" | "pool" | "objects" | "workbench" | "clock" | "log" | "uploads" | "transaction"
>;

interface Pace extends BodyBounds {
  /** An attempt that says nothing for this long counts as dead: its server was stopped. */
  leaseSeconds: number;
}

const usualPace: Pace = { ...uploadBounds, leaseSeconds: 390 };

/**
 * Stores what is posted to an upload URL, verified while it streams. When it fails nothing is stored, nothing stays
 * reserved, and the URL can be used again.
 * @throws AppError NOT_FOUND, FORBIDDEN, UPLOAD_EXPIRED, UPLOAD_ALREADY_USED, INVALID_INPUT, PAYLOAD_TOO_LARGE,
 * UNSUPPORTED_MEDIA_TYPE, CHECKSUM_MISMATCH, UPLOAD_INCOMPLETE, QUOTA_EXCEEDED for another try at a URL
 */
export async function receiveUpload(
  ctx: Ctx,
  { request, token }: { request: PostedFile; token: string },
  pace: Pace = usualPace,
): Promise<{ storageId: string }> {
  if (meansQuarantine(request)) {
    await discardBody(request.body);
    return withQuarantined(ctx, { request, token }, (posted) => receive(ctx, posted, token, pace));
  }
  return receive(ctx, request, token, pace);
}

async function receive(
  ctx: Ctx,
  request: PostedFile,
  token: string,
  pace: Pace,
): Promise<{ storageId: string }> {
  try {
    const callerId = ctx.identity?.kind === "user" ? ctx.identity.userId : null;
    const said = await readHeaders(request).catch(async (error) => {
      // Of a URL that cannot be used anyway, that is what there is to say.
      await giveBack(ctx, await findGrant(ctx, token, callerId));
      throw error;
    });
    await requireGrantable(ctx, said, { token, callerId });
    const attempt = {
      ...said,
      token,
      callerId,
      leaseSeconds: pace.leaseSeconds,
    };
    const body = readBody(request.body, pace);
    return said.sizeBytes !== null && said.sizeBytes <= wholeBytes
      ? await receiveWhole(ctx, attempt, body)
      : await receiveStream(ctx, attempt, body);
  } finally {
    await discardBody(request.body);
  }
}

/** A large body, or one of unknown length: the row is claimed before, and bytes are stored as they come. */
async function receiveStream(
  ctx: Ctx,
  attempt: Attempt,
  body: AsyncIterable<Uint8Array>,
): Promise<{ storageId: string }> {
  const claim = await claimUpload(ctx, attempt);
  if (!claim) throw await refusalOf(ctx, attempt);
  const { leaseSeconds } = attempt;
  // A slow line may take longer than a lease; its attempt lives all the same.
  const renewal = setInterval(() => {
    renewClaim(ctx, claim, leaseSeconds).catch((err) => {
      ctx.log.warn({ err, fileId: claim.fileId }, "the lease of an upload was not renewed");
    });
  }, leaseSeconds * 300);
  try {
    await reserveAgain(ctx, claim);
    await storeBody(ctx, claim, body, termsOf(claim, attempt));
    return { storageId: claim.fileId };
  } catch (error) {
    // Where the database is away too, the claim ends by itself.
    await releaseUpload(ctx, claim).catch(() => {});
    throw error;
  } finally {
    clearInterval(renewal);
  }
}

/** A small body: it is verified in memory, and costs one statement that writes. */
async function receiveWhole(
  ctx: Ctx,
  attempt: Attempt,
  body: AsyncIterable<Uint8Array>,
): Promise<{ storageId: string }> {
  const recalled = recallGrant(ctx, attempt.token, attempt.callerId);
  const grant = recalled ?? (await findGrant(ctx, attempt.token, attempt.callerId));
  // Of an attempt that died.
  if (grant.status !== "pending") return receiveStream(ctx, attempt, body);
  const misfit = misfitOf(grant, attempt);
  if (misfit) {
    await giveBack(ctx, grant);
    throw misfit;
  }
  return alone(ctx, grant.id, async () => {
    const terms = termsOf(grant, attempt);
    const maxBytes = Math.min(terms.maxBytes, wholeBytes);
    const { id: storageId, uploaderId, objectKey, rule } = grant;
    const claim = { fileId: storageId, uploaderId, objectKey, rule };
    await reserveAgain(ctx, { ...grant, ...claim });
    const held = { ...terms, maxBytes, whose: uploaderId };
    const whole = await readWhole(ctx, body, held).catch(async (error) => {
      // Where the database is away too, the purge of grants gives it back.
      await releaseUpload(ctx, claim).catch(() => {});
      throw error;
    });
    const outcome = await storeWhole(ctx, claim, whole);
    if (outcome === "stored") return { storageId };
    // Bytes of an attempt that died before the row was ready, or of one in another process, which is then too late.
    if (outcome === "taken") {
      return receiveStream(ctx, { ...attempt, hasBytes: true }, once(whole.bytes));
    }
    // An attempt elsewhere may have been given up since this process made the row, which left it another key.
    if (recalled) return receiveStream(ctx, attempt, once(whole.bytes));
    throw await refusalOf(ctx, attempt);
  });
}

type GrantTerms = Pick<
  Grant,
  "filename" | "grantType" | "grantSizeBytes" | "grantSha256" | "maxBytes"
>;

interface Said {
  sizeBytes: number | null;
  contentType: string | null;
  charset: string | null;
  /** Hexadecimal. */
  sha256: string | null;
}

interface Attempt extends Said {
  token: string;
  callerId: string | null;
  leaseSeconds: number;
  hasBytes?: boolean;
}

/** What the headers claim, refused before a byte is read where it cannot be. */
async function readHeaders({ headers }: PostedFile): Promise<Said> {
  const length = Number(headers.get("content-length") ?? Number.NaN);
  return {
    sizeBytes: Number.isSafeInteger(length) ? length : null,
    contentType: readClaimedType(headers.get("content-type")),
    charset: readCharset(headers.get("content-type")),
    sha256: readDigest(headers.get("digest")),
  };
}

/** @throws AppError PAYLOAD_TOO_LARGE for what no grant is for, whatever its URL is */
async function requireGrantable(
  ctx: Ctx,
  { sizeBytes }: Said,
  { token, callerId }: Pick<Attempt, "token" | "callerId">,
): Promise<void> {
  // A rule of the app's for its uploads may allow more than is usual.
  const byRules = Object.values(ctx.uploads).map(({ maxBytes }) => maxBytes ?? 0);
  const limitBytes = Math.max(limits.files.maxBytes, ...byRules);
  if (sizeBytes === null || sizeBytes <= limitBytes) return;
  try {
    await giveBack(ctx, await findGrant(ctx, token, callerId));
  } catch {
    // A URL that is nobody's has nothing to give back; where the database is away, the purge of grants does it.
  }
  throw tooLarge(limitBytes);
}

/** Why a grant that can be used was not given for this. @throws AppError as `findGrant` does */
async function refusalOf(ctx: Ctx, attempt: Attempt): Promise<AppError> {
  const grant = await findGrant(ctx, attempt.token, attempt.callerId);
  const misfit = misfitOf(grant, attempt);
  // Where it fits, somebody else had it for a moment.
  if (!misfit) return new AppError("UPLOAD_ALREADY_USED");
  await giveBack(ctx, grant);
  return misfit;
}

/**
 * What is reserved for a URL whose file was refused before a byte of it was read.
 * @throws AppError UPLOAD_ALREADY_USED where another attempt is under way, whose it is then
 */
function giveBack(ctx: Ctx, { id: fileId, objectKey }: Grant): Promise<void> {
  return alone(ctx, fileId, () => releaseUpload(ctx, { fileId, objectKey }));
}

function misfitOf(grant: GrantTerms, { sizeBytes, contentType }: Said): AppError | null {
  const { maxBytes } = grant;
  if (sizeBytes !== null && sizeBytes > maxBytes) return tooLarge(maxBytes);
  if (contentType && grant.grantType && contentType !== grant.grantType) {
    return new AppError("UNSUPPORTED_MEDIA_TYPE", { contentType, granted: grant.grantType });
  }
  return null;
}

function termsOf(grant: GrantTerms, said: Said): BodyTerms {
  return {
    claimed: grant.grantType ?? said.contentType,
    filename: grant.filename,
    charset: said.charset,
    maxBytes: grant.maxBytes,
    sizeBytes: grant.grantSizeBytes,
    sha256: [said.sha256, grant.grantSha256].filter((sum) => sum !== null),
  };
}
