import type { files } from "@fermata/contract";
import type { z } from "zod";
import { contentDisposition } from "../bytes/content-disposition";
import { isInertType, unknownType } from "../bytes/content-types";
import { serveBytes } from "../bytes/serve-bytes";
import type { RequestContext } from "../context";
import { AppError } from "../errors";
import { readFileUrl } from "./file-url";
import { receiveUpload } from "./receive-upload";

/** `POST /api/files/upload/:token`. The URL is the right: credentials are not needed, but another user's are refused. */
export async function receiveFile(
  ctx: RequestContext,
  request: Request,
  token: string,
): Promise<Response> {
  const stored: z.input<typeof files.upload.output> = await receiveUpload(ctx, { request, token });
  return Response.json(stored, { headers: { "cache-control": "no-store" } });
}

/**
 * `GET` and `HEAD /api/files/:storageId`. The row and the viewer's right are looked up on every request, so a URL ends
 * with them.
 * @throws AppError FORBIDDEN for a URL that is forged or past its time, NOT_FOUND
 */
export async function serveFile(
  ctx: RequestContext,
  request: Request,
  storageId: string,
): Promise<Response> {
  const link = readFileUrl(ctx, storageId, new URL(request.url).searchParams);
  if (!link)
    throw new AppError("FORBIDDEN", { reason: "the URL is not genuine, or past its time" });
  const file = await ctx.db.file.findFirst({
    where: { id: storageId, uploaderId: link.viewerId, status: "ready" },
  });
  if (!file) throw new AppError("NOT_FOUND");

  const { objectKey, sizeBytes, sha256, contentType } = file;
  const type = contentType ?? unknownType;
  const kind = isInertType(type) ? "inline" : "attachment";
  const response = await serveBytes(request, {
    sizeBytes,
    contentType: type,
    etag: `"${sha256}"`,
    contentDisposition: contentDisposition(kind, link.filename ?? file.filename),
    // Caches keep it and ask each time whether they may show it.
    cacheControl: "private, no-cache",
    open: async (range) => (await ctx.objects.get("files", objectKey, range))?.body ?? null,
  });
  if (!response) {
    ctx.log.error({ storageId, objectKey }, "a ready file has no bytes in the store");
    throw new AppError("NOT_FOUND");
  }
  return response;
}
