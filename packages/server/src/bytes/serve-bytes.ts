import type { ByteRange } from "../ports/object-store";
import { parseRange } from "./byte-range";
import { isInertType, normalizeType } from "./content-types";

export interface ServedObject {
  sizeBytes: number;
  contentType: string;
  /** With its quotes. */
  etag: string;
  contentDisposition: string;
  cacheControl: string;
  /** @returns null when the bytes are gone after all */
  open(range?: ByteRange): Promise<ReadableStream<Uint8Array> | null>;
}

/** Whatever a stored file holds, it runs nothing and reaches nothing, even opened as a page of its own. */
const sandbox =
  "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'";

/**
 * Answers GET and HEAD for stored bytes: ETag and 304, one Range as 206 or 416, safe headers.
 * @returns null when the bytes are gone
 */
export async function serveBytes(request: Request, object: ServedObject): Promise<Response | null> {
  const headers = new Headers({
    etag: object.etag,
    "cache-control": object.cacheControl,
    "accept-ranges": "bytes",
    "content-type": withCharset(object.contentType),
    "content-disposition": object.contentDisposition,
    "x-content-type-options": "nosniff",
    "content-security-policy": sandbox,
    // The URL is the right to the bytes, so any page that has it may show them.
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
  });
  if (!isInertType(object.contentType)) {
    headers.set("content-disposition", asAttachment(object.contentDisposition));
  }
  if (matches(request.headers.get("if-none-match"), object.etag)) {
    for (const name of ["content-type", "content-disposition"]) headers.delete(name);
    return new Response(null, { status: 304, headers });
  }

  const wanted = wantsRange(request, object.etag) ? request.headers.get("range") : null;
  const range = parseRange(wanted, object.sizeBytes);
  if (range === "unsatisfiable") {
    headers.set("content-range", `bytes */${object.sizeBytes}`);
    headers.set("content-length", "0");
    return new Response(null, { status: 416, headers });
  }
  if (range) {
    headers.set("content-range", `bytes ${range.start}-${range.end}/${object.sizeBytes}`);
  }
  const lengthBytes = range ? range.end - range.start + 1 : object.sizeBytes;
  headers.set("content-length", String(lengthBytes));
  const status = range ? 206 : 200;
  if (request.method === "HEAD" || lengthBytes === 0) {
    return new Response(null, { status, headers });
  }
  const body = await object.open(range ?? undefined);
  return body && new Response(body, { status, headers });
}

function withCharset(contentType: string): string {
  const isText = normalizeType(contentType).startsWith("text/");
  return isText && !contentType.includes(";") ? `${contentType}; charset=utf-8` : contentType;
}

function asAttachment(disposition: string): string {
  return disposition.replace(/^inline/, "attachment");
}

/** `If-None-Match`: a list, compared weakly, or `*`. */
function matches(header: string | null, etag: string): boolean {
  if (!header) return false;
  return header.split(",").some((item) => {
    const tag = item.trim().replace(/^W\//, "");
    return tag === "*" || tag === etag;
  });
}

/** `If-Range` that names another version makes the whole the answer. */
function wantsRange(request: Request, etag: string): boolean {
  const ifRange = request.headers.get("if-range");
  return ifRange === null || ifRange === etag;
}
