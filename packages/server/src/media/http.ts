import { type Media, mediaUploadSchema } from "@fermata/contract";
import { discardBody } from "../bytes/read-body";
import type { RequestContext, UserContext } from "../context";
import { AppError } from "../ground/errors";
import { attemptPrefix, findAttempt } from "./rows/find-attempt";
import { abortUpload } from "./verbs/abort-upload";
import { completeUpload } from "./verbs/complete-upload";
import { createUpload } from "./verbs/create-upload";
import { getMedia } from "./verbs/get-media";

/** The store's own endpoint, which holds bytes to what was granted. */
export type PutObject = (request: Request) => Promise<Response>;

/**
 * `POST /api/media/upload`: a grant, its bytes and their completion in one request, where this server serves its own store.
 * `ETag` in the answer is the MD5 of what arrived.
 */
export async function receiveMedia(
  ctx: RequestContext,
  request: Request,
  put: PutObject,
): Promise<Response> {
  try {
    if (ctx.identity?.kind !== "user") throw new AppError("UNAUTHENTICATED");
    return await receive(ctx as UserContext, request, put);
  } catch (error) {
    await discardBody(request.body);
    throw error;
  }
}

async function receive(ctx: UserContext, request: Request, put: PutObject): Promise<Response> {
  const { attempt, ...said } = readHead(request);
  const sizeBytes = Number(request.headers.get("content-length") ?? 0);
  if (!request.body || !(sizeBytes > 0)) {
    throw new AppError("INVALID_INPUT", { reason: "the request says no length, or has no bytes" });
  }
  const earlier = await findAttempt(ctx, attempt);
  if (earlier?.status === "ready") {
    await discardBody(request.body);
    return answer(await getMedia(ctx, { key: earlier.key }), earlier.etag);
  }
  // Its bytes may still be on their way: they are nobody's then.
  if (earlier?.status === "pending") await abortUpload(ctx, { key: earlier.key });

  const contentType = request.headers.get("content-type") ?? "application/octet-stream";
  const grant = await createUpload(
    ctx,
    { ...said, contentType, sizeBytes },
    `${attemptPrefix}${attempt}`,
  );
  const { key } = grant;
  try {
    const stored = await put(
      new Request(grant.uploadUrl, {
        method: grant.method,
        headers: { ...grant.headers, "content-length": String(sizeBytes) },
        body: request.body,
        duplex: "half",
      } as RequestInit),
    );
    if (!stored.ok) {
      await abortUpload(ctx, { key });
      return stored;
    }
    return answer(await completeUpload(ctx, { key }), stored.headers.get("etag"));
  } catch (error) {
    // What failed by itself has nothing left to give up; what is ready cannot be.
    await abortUpload(ctx, { key }).catch((err) =>
      ctx.log.debug({ err, key }, "an upload that failed was not given up"),
    );
    throw error;
  }
}

function answer(media: Media | null, etag: string | null): Response {
  if (!media) throw new AppError("NOT_FOUND");
  return Response.json(media, { headers: etag ? { etag } : {} });
}

function readHead(request: Request) {
  let said: unknown;
  try {
    said = JSON.parse(decodeURIComponent(request.headers.get("x-fermata-upload") ?? ""));
  } catch {
    said = null;
  }
  const head = mediaUploadSchema.safeParse(said);
  if (head.success) return head.data;
  const reason = "x-fermata-upload is not what docs/uploads.md says";
  throw new AppError("INVALID_INPUT", { reason });
}
