import {
  askedToWait,
  errorOfStatus,
  FermataError,
  readErrorBody,
  toFermataError,
} from "./api-error";
import type { BytesRequest, BytesResponse } from "./bytes-request";
import { requireReadable } from "./local-file";
import { parseJson } from "./parse-json";
import { sendByFetch } from "./send-by-fetch";
import { sendByNode } from "./send-by-node";
import { sendByXhr } from "./send-by-xhr";

/**
 * Sends a body and answers with whatever came back, also with an error status.
 * XMLHttpRequest is used where it exists: `fetch` cannot tell how far an upload is.
 * @throws FermataError NETWORK (also when nothing moves any more), ABORTED, or INVALID_INPUT for a file that was changed
 */
export async function sendBytes(
  fetch: typeof globalThis.fetch,
  request: BytesRequest,
): Promise<BytesResponse> {
  const { body } = request;
  if (!(body instanceof Blob)) return sendByNode({ ...request, body });
  let sentBytes = 0;
  const ofBlob = {
    ...request,
    body,
    onProgress(bytes: number) {
      sentBytes = bytes;
      if (bytes > 0) request.probe?.reached();
      request.onProgress?.(bytes);
    },
  };
  try {
    const response = await (typeof XMLHttpRequest === "undefined"
      ? sendByFetch(fetch, ofBlob)
      : sendByXhr(ofBlob));
    // Of a file that changes meanwhile other bytes arrive, or another number, and the refusal blames something else.
    if (response.status >= 400) await requireReadable(body);
    return response;
  } catch (error) {
    if (toFermataError(error).code === "NETWORK") {
      await requireReadable(body);
      if (sentBytes === 0) await request.probe?.lookInto(request.url);
    }
    throw error;
  }
}

/** What a store says in XML about grants that cannot be used any more. */
const expiredStoreCodes = ["ExpiredRequest", "ExpiredToken", "NoSuchUpload"];

/** What a store says of bytes that were changed on the way. */
const damagedStoreCodes = ["BadDigest", "InvalidDigest"];

/** The failure that an answer with an error status tells of: in our JSON, in a store's XML, or by its status alone. */
export async function errorOfResponse(
  { status, body, header }: Pick<BytesResponse, "status" | "body"> & Partial<BytesResponse>,
  sizeBytes?: number,
): Promise<FermataError> {
  const ours = readErrorBody(parseJson(body), status);
  if (ours) return ours;
  if (status === 413) {
    const { refusedByProxy } = await import("./refused-by-proxy");
    return refusedByProxy(`${header?.("server") ?? ""} ${body}`, sizeBytes);
  }
  const storeCode = /<Code>([^<]{1,100})<\/Code>/.exec(body)?.[1];
  const { details } = askedToWait(header?.("retry-after") ?? null);
  const facts = {
    httpStatus: status,
    ...((storeCode || details) && { details: { ...details, ...(storeCode && { storeCode }) } }),
  };
  if (storeCode && expiredStoreCodes.includes(storeCode)) {
    return new FermataError("UPLOAD_EXPIRED", undefined, facts);
  }
  if (storeCode && damagedStoreCodes.includes(storeCode)) {
    return new FermataError("CHECKSUM_MISMATCH", undefined, facts);
  }
  if (status === 403 || status === 507) {
    const { refusedByStore } = await import("./refused-by-store");
    return refusedByStore(body, facts);
  }
  return errorOfStatus(status, facts);
}
