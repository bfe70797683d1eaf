import { plainCallPaths } from "@fermata/contract";
import { z } from "zod";
import { AppError } from "../ground/errors";
import type { Call } from "./call";

/**
 * A room's calls, and those that an upload waits for, as `text/plain`, with the bearer and the input in the body. A
 * browser sends that to another origin at once, where it asks first before it sends a header of ours; a call waits for
 * every such question.
 *
 * What guarded these calls is kept. Nothing that a browser adds by itself counts: neither cookie nor header says who
 * calls, so a page of a stranger's can send nothing in somebody's name. And the origin has to be an allowed one, which
 * the question before would have found out.
 */
const plainCallSchema = z.object({
  bearer: z
    .string()
    .regex(/^\S{1,256}$/)
    .nullish(),
  input: z.unknown(),
  /** Where a stream goes on. */
  lastEventId: z.string().max(128).nullish(),
});

export type PlainCall = z.output<typeof plainCallSchema>;

const plainProcedure = new RegExp(`^${plainCallPaths}`);

export function isPlainCall({ head, route }: Pick<Call, "head" | "route">): boolean {
  const { method, headers } = head;
  if (method !== "POST" || !headers.get("content-type")?.startsWith("text/plain")) return false;
  return plainProcedure.test(route.rest);
}

/** @throws AppError FORBIDDEN for a page of another origin, INVALID_INPUT */
export function readPlainCall(
  body: string,
  from: { origin: string | null; ownOrigin: string; allowedOrigins: string[] },
): PlainCall {
  const { origin, ownOrigin, allowedOrigins } = from;
  if (origin !== null && origin !== ownOrigin && !allowedOrigins.includes(origin)) {
    throw new AppError("FORBIDDEN", undefined, "This origin is not allowed to call.");
  }
  const call = plainCallSchema.safeParse(parseJson(body));
  if (!call.success) throw new AppError("INVALID_INPUT", { reason: "not a call as plain text" });
  return call.data;
}

/** The call as it comes from elsewhere, with headers. A stream's becomes the query that it is. */
export function toOrdinaryRequest({ url, headers: given }: Request, call: PlainCall): Request {
  const headers = new Headers(given);
  for (const name of ["cookie", "authorization", "content-length"]) headers.delete(name);
  headers.set("content-type", "application/json");
  if (call.bearer) headers.set("authorization", `Bearer ${call.bearer}`);
  // Where a call may be without an input, an empty one says the same.
  const input = JSON.stringify(call.input ?? {});
  if (!/messages(OfMany)?$/.test(url))
    return new Request(url, { method: "POST", headers, body: input });
  if (call.lastEventId) headers.set("last-event-id", call.lastEventId);
  headers.delete("content-type");
  return new Request(`${url}?input=${encodeURIComponent(input)}`, { headers });
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
