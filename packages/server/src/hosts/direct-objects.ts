import { pipeline } from "node:stream/promises";
import { urlOfFirstPart } from "../media/uploads/first-part";
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
  const { head, origin } = call;
  const body = head.method === "PUT" ? exchange.request : null;
  await answerBy(call, exchange, () => disk.answer({ ...head, origin, body }, call.requestId));
}

/** The first part of an upload that is being opened goes where its URL would have led. */
export async function answerFirstPart(
  call: Call,
  exchange: Exchange,
  disk: ObjectEndpoint,
): Promise<void> {
  const { head, origin, query } = call;
  const { request } = exchange;
  await answerBy(call, exchange, async () => {
    const url = await urlOfFirstPart(await call.identified(), {
      query,
      contentLength: head.headers.get("content-length"),
      isWanted: () => !request.destroyed,
    });
    const asked = { headers: head.headers, method: "PUT", url, origin, body: request };
    return disk.answer(asked, call.requestId);
  });
}

async function answerBy(
  call: Call,
  exchange: Exchange,
  ask: () => ReturnType<ObjectEndpoint["answer"]>,
): Promise<void> {
  const { request, response } = exchange;
  try {
    const { status, headers, body } = await ask();
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
