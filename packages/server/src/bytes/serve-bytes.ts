import type { ByteRange } from "../ports/object-store";
import { parseRange } from "./byte-range";
import { isInertType, normalizeType } from "./content-types";

export interface ServedObject<Body = ReadableStream<Uint8Array>> {
  sizeBytes: number;
  contentType: string;
  /** With its quotes. */
  etag: string;
  contentDisposition: string;
  cacheControl: string;
  /** @returns null when the bytes are gone after all */
  open(range?: ByteRange): Promise<Body | null>;
}

/** Whatever a stored file holds, it runs nothing and reaches nothing, even opened as a page of its own. */
const sandbox =
  "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'";

/** What serving needs of a request: a `Request` has it, and Node's own gives it without becoming one. */
export interface BytesRequest {
  method: string;
  headers: { get(name: string): string | null };
}

/** An answer before it is a `Response`, or written to Node's. */
export interface BytesAnswer<Body = ReadableStream<Uint8Array>> {
  status: number;
  headers: Record<string, string>;
  body: Body | null;
}

export function toResponse({ status, headers, body }: BytesAnswer): Response {
  return new Response(body, { status, headers });
}

/**
 * Answers GET and HEAD for stored bytes: ETag and 304, one Range as 206 or 416, safe headers.
 * @returns null when the bytes are gone
 */
export async function answerBytes<Body>(
  request: BytesRequest,
  object: ServedObject<Body>,
): Promise<BytesAnswer<Body> | null> {
  const common = {
    etag: object.etag,
    "cache-control": object.cacheControl,
    "accept-ranges": "bytes",
    "x-content-type-options": "nosniff",
    "content-security-policy": sandbox,
    // The URL is the right to the bytes, so any page that has it may show them.
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
  };
  if (matches(request.headers.get("if-none-match"), object.etag)) {
    return { status: 304, headers: common, body: null };
  }

  const headers: Record<string, string> = {
    ...common,
    "content-type": withCharset(object.contentType),
    "content-disposition": isInertType(object.contentType)
      ? object.contentDisposition
      : asAttachment(object.contentDisposition),
  };
  const wanted = wantsRange(request, object.etag) ? request.headers.get("range") : null;
  const range = parseRange(wanted, object.sizeBytes);
  if (range === "unsatisfiable") {
    headers["content-range"] = `bytes */${object.sizeBytes}`;
    headers["content-length"] = "0";
    return { status: 416, headers, body: null };
  }
  if (range) headers["content-range"] = `bytes ${range.start}-${range.end}/${object.sizeBytes}`;
  const lengthBytes = range ? range.end - range.start + 1 : object.sizeBytes;
  headers["content-length"] = String(lengthBytes);
  const status = range ? 206 : 200;
  if (request.method === "HEAD" || lengthBytes === 0) return { status, headers, body: null };
  const body = await object.open(range ?? undefined);
  return body && { status, headers, body };
}

/** Said only where it is known: readers guess better than a wrong word would let them. */
function withCharset(contentType: string): string {
  const [type = "", charset] = contentType.split(/;\s*charset=/);
  if (charset === "unknown-8bit") return type;
  if (charset) return `${type}; charset=${charset}`;
  return normalizeType(type).startsWith("text/") ? `${type}; charset=utf-8` : contentType;
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
function wantsRange(request: BytesRequest, etag: string): boolean {
  const ifRange = request.headers.get("if-range");
  return ifRange === null || ifRange === etag;
}
