import type { Call } from "./call";
import { allowedHeaders } from "./cors";

/** The answer to OPTIONS: to a browser that asks before it sends, and to whoever else asks what a route takes. */
export function preflight(call: Call): { status: number; headers: Record<string, string> } {
  const methods = call.route.policy.methods
    .flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]))
    .join(", ");
  if (!call.head.headers.get("access-control-request-method")) {
    return { status: 204, headers: call.headers({ allow: methods }) };
  }
  if (!call.corsHeaders["access-control-allow-origin"]) {
    return { status: 403, headers: call.headers({}) };
  }
  return {
    status: 204,
    headers: call.headers({
      "access-control-allow-methods": methods,
      "access-control-allow-headers": allowedHeaders,
      "access-control-max-age": "7200",
    }),
  };
}
