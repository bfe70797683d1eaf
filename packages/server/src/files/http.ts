import type { files } from "@fermata/contract";
import type { z } from "zod";
import { privateCacheControl } from "../bytes/cache-control";
import { contentDisposition } from "../bytes/content-disposition";
import { isInertType, unknownType } from "../bytes/content-types";
import {
  answerBytes,
  type BytesAnswer,
  type BytesRequest,
  type ServedObject,
  toResponse,
} from "../bytes/serve-bytes";
import type { RequestContext, Services } from "../context";
import { AppError } from "../ground/errors";
import { receiveUpload } from "./receiving/receive-upload";
import { type FileLink, readFileUrl } from "./serving/file-url";
import { findReadable, forgetReadable, type ReadableFile } from "./serving/find-readable";
import { findVariant, forgetVariant } from "./serving/image-variant";

/** Nothing of it is of one request: whoever serves many may use it for all that come to one origin. */
export type ServingContext = Services & Pick<RequestContext, "origin">;

/** `POST /api/files/upload/:token`. The URL is the right: credentials are not needed, but another user's are refused. */
export async function receiveFile(
  ctx: RequestContext,
  request: Request,
  token: string,
): Promise<Response> {
  const stored: z.input<typeof files.upload.output> = await receiveUpload(ctx, { request, token });
  return Response.json(stored, { headers: { "cache-control": "no-store" } });
}

/** `answerFile` as a `Response`. */
export async function serveFile(
  ctx: RequestContext,
  request: Request,
  storageId: string,
): Promise<Response> {
  const query = new URL(request.url).search.slice(1);
  return toResponse(await answerFile(ctx, request, { storageId, query }));
}

/**
 * `GET` and `HEAD /api/files/:storageId`, and with `?w=` a smaller copy of an image. The row and the viewer's right were
 * looked up a quarter of a second ago at most, so a URL ends with them.
 * @throws AppError FORBIDDEN for a URL that is forged or past its time, NOT_FOUND, INVALID_INPUT for a width that is not
 * on the list, UNSUPPORTED_MEDIA_TYPE for a width of what is no image
 */
export async function answerFile(
  ctx: ServingContext,
  request: BytesRequest,
  { storageId, query }: { storageId: string; query: string },
): Promise<BytesAnswer> {
  const link = readFileUrl(ctx, storageId, query);
  if (!link)
    throw new AppError("FORBIDDEN", { reason: "the URL is not genuine, or past its time" });
  // A second look finds what has changed under the first: bytes that were replaced, a copy that was lost.
  for (let look = 1; look <= 2; look++) {
    const file = await findReadable(ctx, storageId, link.viewerId);
    if (!file) throw new AppError("NOT_FOUND");
    const answer = link.width
      ? await answerVariant(ctx, request, file, link, link.width)
      : await answerBytes(request, original(ctx, file, link));
    if (answer) return answer;
    forgetReadable(ctx);
    if (look === 2)
      ctx.log.error(
        { storageId, objectKey: file.objectKey },
        "a ready file has no bytes in the store",
      );
  }
  throw new AppError("NOT_FOUND");
}

function original(ctx: ServingContext, file: ReadableFile, link: FileLink): ServedObject {
  const type = file.contentType ?? unknownType;
  return {
    sizeBytes: file.sizeBytes,
    contentType: type,
    etag: `"${file.sha256}"`,
    get contentDisposition() {
      return contentDisposition(kindOf(ctx, type), link.filename ?? file.filename);
    },
    cacheControl: privateCacheControl(type),
    open: async (range) => (await ctx.objects.get("files", file.objectKey, range))?.body ?? null,
  };
}

async function answerVariant(
  ctx: ServingContext,
  request: BytesRequest,
  file: ReadableFile,
  link: FileLink,
  wantedWidth: number,
): Promise<BytesAnswer | null> {
  const { width, sizeBytes, contentType, open } = await findVariant(ctx, file, wantedWidth);
  const name = link.filename ?? file.filename;
  const answer = await answerBytes(request, {
    sizeBytes,
    contentType,
    open,
    etag: `"${file.sha256}-w${width}"`,
    contentDisposition: contentDisposition(
      kindOf(ctx, contentType),
      name && `${name.replace(/\.[^.]*$/, "")}.webp`,
    ),
    cacheControl: privateCacheControl(contentType),
  });
  if (!answer) await forgetVariant(ctx, file, width);
  return answer;
}

/** Where files have an origin of their own, nothing of theirs is shown as a page on any other. */
function kindOf({ config, origin }: ServingContext, type: string): "inline" | "attachment" {
  const isAtHome = config.filesOrigin === null || config.filesOrigin === origin;
  return isAtHome && isInertType(type) ? "inline" : "attachment";
}
