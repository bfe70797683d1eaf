import { isTracing, openSpan, traceParentOf } from "../ground/tracing";
import type { Call } from "./call";

/** What is asked every few seconds by machines, and what Next makes spans of itself. */
const untold = new Set(["health", "ready", "metrics", "pages"]);

/** Ends the span of a call, with how it was answered. */
export type EndSpan = (status: number) => void;

const endNothing: EndSpan = () => {};

/** Answers an admitted call within a span, which goes on with the trace that the caller names; streams have none. */
export function withinSpan<T>(call: Call, answer: (end: EndSpan) => T): T {
  if (!isTracing() || untold.has(call.route.name) || call.isPreflight || call.isStream) {
    return answer(endNothing);
  }
  const { route, head, requestId } = call;
  const { name, policy, rest } = route;
  const procedures = name === "trpc" ? ` ${rest}` : "";
  const opened = openSpan({
    name: `${head.method} ${policy.path.replace(/\/\*$/, "")}${procedures}`,
    kind: "SERVER",
    isRoot: true,
    parent: traceParentOf(head.headers),
    attributes: {
      "http.request.method": head.method,
      "http.route": policy.path,
      "fermata.request_id": requestId,
      ...(name === "trpc" && { "rpc.system.name": "trpc", "rpc.method": rest }),
    },
  });
  if (!opened) return answer(endNothing);
  const { span, within } = opened;
  return within(() =>
    answer((status) => {
      span.setAttribute("http.response.status_code", status);
      if (status >= 500) span.setAttribute("error.type", String(status));
      span.end();
    }),
  );
}
