import { ClassLimits } from "../limits/class-limits";
import type { LimitOverrides } from "../limits/limit-classes";
import type { Connection } from "./connection";
import { clientAddressOf, isForFiles, type RequestHead, type Trust } from "./forwarded";
import { isPath } from "./is-path";

export interface PagePolicyOptions {
  publicOrigin: string | null;
  filesOrigin: string | null;
  trust: Trust;
  overrides: LimitOverrides;
}

/**
 * The policy's line for pages, where they do not pass through a host of ours.
 * @returns for each request the answer that refuses it, or null
 */
export function createPagePolicy({ trust, overrides, ...origins }: PagePolicyOptions) {
  const limits = new ClassLimits({ now: () => new Date() }, overrides);
  return (head: RequestHead, connection: Connection): Response | null => {
    if (isForFiles(origins, head, trust)) return refusal(404);
    if (!isPath(new URL(head.url).pathname)) return refusal(400);
    const address = clientAddressOf(head, connection, trust);
    const usedUp = limits.take("pages", { address });
    return usedUp && refusal(429, { "retry-after": String(Math.ceil(usedUp.waitSeconds)) });
  };
}

const texts = { 400: "The address is malformed.", 404: "Not found.", 429: "Too many requests." };

function refusal(status: keyof typeof texts, headers: Record<string, string> = {}): Response {
  return new Response(`${texts[status]}\n`, {
    status,
    headers: {
      "cache-control": "no-store",
      "content-type": "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}
