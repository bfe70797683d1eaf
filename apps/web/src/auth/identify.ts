import { resolveToken } from "@fermata/server";
import { bearerOf, type Identify, isSameOrigin } from "@fermata/server/hosts/call";
import type { RequestHead } from "@fermata/server/hosts/forwarded";
import { sessionCookie } from "./session-cookie";

/** Whoever the bearer stands for, else the session cookie. */
export const identifyByToken: Identify = (ctx, head) => {
  const token = tokenOf(head, ctx.origin);
  return token ? resolveToken(ctx, token) : null;
};

/** A cookie speaks for a request only when our own pages sent it. */
function tokenOf(request: RequestHead, origin: string): string | null {
  const bearer = bearerOf(request);
  if (bearer) return bearer;
  if (!request.headers.get("cookie")) return null;
  return isSameOrigin(request, origin) ? sessionCookie(request, origin) : null;
}
