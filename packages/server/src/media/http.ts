import { type Media, mediaUploadSchema } from "@fermata/contract";
import type { z } from "zod";
import { wantsSha256 } from "../bytes/digest-headers";
import { type Body, discardBody, readBody } from "../bytes/read-body";
import { uploadBounds } from "../bytes/upload-bounds";
import type { RequestContext, UserContext } from "../context";
import { AppError } from "../ground/errors";
import { attemptPrefix, findAttempt } from "./rows/find-attempt";
import { toMedia } from "./rows/to-media";
import { directBytes } from "./uploads/direct-route";
import { takeRoom } from "./uploads/held-bytes";
import { takeWhole } from "./uploads/take-whole";
import { abortUpload } from "./verbs/abort-upload";
import { reserveUpload } from "./verbs/create-upload";

/** What is read of a request: a `Request` has it, and Node's own gives it without becoming one. */
export interface PostedMedia {
  headers: { get(name: string): string | null };
  body: Body;
}

export interface ReceivedMedia {
  media: Media;
  /** The MD5 of what arrived, or its SHA-256 where `Want-Digest` asked for it and the store tells it. */
  etag: string;
}

/** `POST /api/media/upload`: a grant, its bytes and their completion in one request. */
export async function receiveMedia(
  ctx: RequestContext,
  posted: PostedMedia,
): Promise<ReceivedMedia> {
  try {
    if (directBytes(ctx) === 0) throw new AppError("NOT_FOUND");
    if (ctx.identity?.kind !== "user") throw new AppError("UNAUTHENTICATED");
    return await receive(ctx as UserContext, posted);
  } finally {
    await discardBody(posted.body);
  }
}

async function receive(ctx: UserContext, posted: PostedMedia): Promise<ReceivedMedia> {
  const { attempt, ...said } = readHead(posted);
  const sizeBytes = Number(posted.headers.get("content-length") ?? 0);
  if (!posted.body || !(sizeBytes > 0)) {
    throw new AppError("INVALID_INPUT", { reason: "the request says no length, or has no bytes" });
  }
  const limitBytes = directBytes(ctx);
  if (sizeBytes > limitBytes) throw new AppError("PAYLOAD_TOO_LARGE", { sizeBytes, limitBytes });
  const earlier = await findAttempt(ctx, attempt);
  if (earlier?.status === "ready") {
    return {
      media: toMedia(ctx, earlier),
      etag: earlier.md5 ? ofMd5(earlier.md5) : (earlier.etag ?? ""),
    };
  }
  // Its bytes may still be on their way: they are nobody's then.
  if (earlier) await abortUpload(ctx, { key: earlier.key });

  const leave = takeRoom(sizeBytes);
  try {
    if (!leave && !ctx.objects.isServedHere) throw tooMany(sizeBytes);
    return await store(ctx, posted, { ...said, sizeBytes, attempt, held: leave !== null });
  } finally {
    leave?.();
  }
}

async function store(
  ctx: UserContext,
  posted: PostedMedia,
  { attempt, held, ...said }: UploadHead & { sizeBytes: number; held: boolean },
): Promise<ReceivedMedia> {
  const contentType = posted.headers.get("content-type") ?? "application/octet-stream";
  const reserved = await reserveUpload(ctx, { ...said, contentType }, `${attemptPrefix}${attempt}`);
  try {
    const body = readBody(posted.body, uploadBounds);
    const wanted = wantsSha256(posted.headers.get("want-digest")) ? "sha256" : "md5";
    const { media, checksum } = await takeWhole(ctx, reserved, body, held, wanted);
    return { media: toMedia(ctx, media), etag: `"${checksum}"` };
  } catch (error) {
    // What failed by itself has nothing left to give up; what is ready cannot be.
    await abortUpload(ctx, { key: reserved.key }).catch((err) =>
      ctx.log.debug({ err, key: reserved.key }, "an upload that failed was not given up"),
    );
    throw error;
  }
}

/** It may go to the store by a grant. */
function tooMany(sizeBytes: number): AppError {
  const reason = "this server passes on as much as it can at the moment";
  return new AppError("PAYLOAD_TOO_LARGE", { sizeBytes, limitBytes: 0, reason });
}

/** Of a base64 MD5. */
function ofMd5(md5: string): string {
  return `"${Buffer.from(md5, "base64").toString("hex")}"`;
}

type UploadHead = z.output<typeof mediaUploadSchema>;

function readHead({ headers }: PostedMedia): UploadHead {
  let said: unknown;
  try {
    said = JSON.parse(decodeURIComponent(headers.get("x-fermata-upload") ?? ""));
  } catch {
    said = null;
  }
  const head = mediaUploadSchema.safeParse(said);
  if (head.success) return head.data;
  const reason = "x-fermata-upload is not what docs/uploads.md says";
  throw new AppError("INVALID_INPUT", { reason });
}
