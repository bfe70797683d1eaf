import type { Pool } from "pg";
import type { Services } from "../../context";
import type { Grant } from "./find-grant";

/** Of the newest grants of this process; what it has forgotten, the database knows. */
const most = 10_000;
const grantsOf = new WeakMap<Pool, Map<string, Grant>>();

type Ctx = Pick<Services, "pool" | "clock">;

/** Whoever gave a grant mostly receives its upload, and need not look it up. */
export function rememberGrant({ pool }: Ctx, token: string, grant: Grant): void {
  const grants = grantsOf.get(pool) ?? new Map<string, Grant>();
  grantsOf.set(pool, grants);
  grants.set(token, grant);
  if (grants.size <= most) return;
  for (const oldest of grants.keys()) {
    grants.delete(oldest);
    break;
  }
}

/**
 * What the row said when it was made; somebody else may have used it since, which the statement that makes the file ready
 * finds out. It is given once: a second attempt looks the row up.
 */
export function recallGrant(ctx: Ctx, token: string, callerId: string | null): Grant | null {
  const grants = grantsOf.get(ctx.pool);
  const grant = grants?.get(token);
  if (!grant) return null;
  grants?.delete(token);
  const isFor = callerId === null || callerId === grant.uploaderId;
  return isFor && grant.grantExpiresAt > ctx.clock.now() ? grant : null;
}
