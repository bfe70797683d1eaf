import { AppError } from "../../../ground/errors";

/** A body that breaks off as what it is: bare, a socket's error might be anybody's, and would be taken for the database's. */
export function toldBody(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (cause) {
          const details = { service: "object store" };
          throw new AppError("UPSTREAM_UNAVAILABLE", details, undefined, { cause });
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Nothing is read before somebody asks: the body below has a buffer of its own.
    { highWaterMark: 0 },
  );
}
