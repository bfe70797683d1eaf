type Handler = (request: Request) => Promise<Response>;

/** The handlers of a catch-all route of Next's, for whatever answers a `Request`. */
export function nextHandlers({
  handler,
}: {
  handler: Handler;
}): Record<"GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS", Handler> {
  const handle: Handler = (request) => handler(request);
  return {
    GET: handle,
    HEAD: handle,
    POST: handle,
    PUT: handle,
    PATCH: handle,
    DELETE: handle,
    OPTIONS: handle,
  };
}
