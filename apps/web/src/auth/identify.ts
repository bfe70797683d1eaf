import type { HostIdentity, IdentifyHost } from "@fermata/server";
import { bearerOf } from "@fermata/server/hosts/credential";
import { resolveSession } from "../studio/auth/resolve-session";
import type { Services } from "../studio/context";
import { sessionCookie } from "./session-cookie";

/** Whoever the bearer stands for, else the session cookie. */
export function identifyBySession(services: () => Pick<Services, "db" | "clock">): IdentifyHost {
  return (request, { origin }) => {
    const token = bearerOf(request) ?? sessionCookie(request, origin);
    return token ? identify(services(), token) : null;
  };
}

async function identify(
  ctx: Pick<Services, "db" | "clock">,
  token: string,
): Promise<HostIdentity | null> {
  const user = await resolveSession(ctx, token);
  return user && { ...user, isAdmin: user.role === "admin" };
}
