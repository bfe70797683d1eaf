import { discardBody, readBody } from "../bytes/read-body";
import { AppError } from "../ground/errors";
import type { BodyPolicy } from "./policy";

type Bounded = Extract<BodyPolicy, { bound: "duration" }>;

/**
 * The request, with a body that is certain to end within its route's limits.
 * A refused body is taken off the wire first: its sender would otherwise see a broken connection and no answer.
 * @param hostBoundsTime whether the host cuts a body that comes too slowly; one of a declared length needs no more then
 * @throws AppError PAYLOAD_TOO_LARGE, UPLOAD_INCOMPLETE as 408
 */
export async function withBoundedBody(
  request: Request,
  bounds: Bounded,
  hostBoundsTime: boolean,
): Promise<Request> {
  if (request.method === "GET" || request.method === "HEAD" || !request.body) return request;
  const { maxBytes } = bounds;
  const declared = request.headers.get("content-length");
  if (declared && Number(declared) > maxBytes) {
    await discardBody(request.body);
    throw tooLarge(maxBytes);
  }
  // The host holds the sender to a length that was declared.
  if (declared && hostBoundsTime) return request;

  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of readBody(request.body, bounds)) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    throw isSlow(error) ? tooSlow() : error;
  }
  const { url, method, headers } = request;
  return new Request(url, { method, headers, body: Buffer.concat(chunks) });
}

function tooLarge(limitBytes: number): AppError {
  return new AppError("PAYLOAD_TOO_LARGE", { limitBytes });
}

function isSlow(error: unknown): boolean {
  return error instanceof AppError && error.details?.reason !== "disconnected"
    ? error.code === "UPLOAD_INCOMPLETE"
    : false;
}

/** What a sender is told whose body did not arrive in time. */
export function tooSlow(): AppError {
  return new AppError(
    "UPLOAD_INCOMPLETE",
    { reason: "too slow" },
    "The request's body did not arrive in time. Send it again.",
    { trpc: "TIMEOUT" },
  );
}
