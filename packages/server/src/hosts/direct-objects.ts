import { pipeline } from "node:stream/promises";
import type { ObjectEndpoint } from "../ports/object-endpoint";
import type { Call } from "./call";
import { closing, type Exchange, endAfterBody, writeFailure } from "./node-request";

/**
 * Objects of the disk store, straight from Node's request into Node's response: what answers is the store's own endpoint,
 * without a `Request`, a `Response` and a web stream around the bytes.
 */
export async function answerObject(
  call: Call,
  exchange: Exchange,
  disk: ObjectEndpoint,
): Promise<void> {
  const { request, response } = exchange;
  const { head, requestId } = call;
  try {
    const asked = { ...head, origin: call.origin, body: head.method === "PUT" ? request : null };
    const { status, headers, body } = await disk.answer(asked, requestId);
    response.writeHead(status, call.headers({ ...headers, ...closing(request) }));
    if (body) await pipeline(body, response, { end: false });
    // Of bytes that are here already none is waited for.
    if (status === 409 && headers["upload-offset"]) {
      response.end(() => request.destroy());
      return;
    }
    await endAfterBody(exchange, "");
  } catch (error) {
    // A reader that went away first is no failure.
    if ((error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE") return;
    writeFailure(call, exchange, error);
  }
}
