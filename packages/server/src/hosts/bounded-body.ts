import { limits } from "@fermata/contract";
import { discardBody, readBody } from "../bytes/read-body";
import { AppError } from "../ground/errors";

const bounds = { idleSeconds: 30, totalSeconds: 60 };

/**
 * The request, with a body that is certain to end within the limit for JSON.
 * A refused body is taken off the wire first: its sender would otherwise see a broken connection and no answer.
 * @throws AppError PAYLOAD_TOO_LARGE
 */
export async function withBoundedBody(request: Request): Promise<Request> {
  if (request.method === "GET" || request.method === "HEAD" || !request.body) return request;
  const declared = request.headers.get("content-length");
  if (declared && Number(declared) > limits.jsonBodyBytes) {
    await discardBody(request.body);
    throw tooLarge();
  }
  // The host holds the sender to a length that was declared.
  if (declared) return request;

  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of readBody(request.body, bounds)) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > limits.jsonBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const { url, method, headers } = request;
  return new Request(url, { method, headers, body: Buffer.concat(chunks) });
}

function tooLarge(): AppError {
  return new AppError("PAYLOAD_TOO_LARGE", { limitBytes: limits.jsonBodyBytes });
}
