import { createHash } from "node:crypto";
import type { AuditKind } from "@fermata/contract";
import { networkOf, newId } from "@fermata/server/internal";
import type { RequestContext } from "../context";

const kind: AuditKind = "signIn.failed";
const hourMs = 3_600_000;

/**
 * Failures in one row for each account, network and hour; those at accounts that do not exist in one row for each network
 * and hour, whatever they were called: a flood of guesses must not fill the table.
 */
export async function recordFailedSignIn(
  ctx: Pick<RequestContext, "pool" | "clock" | "clientAddress">,
  user: { id: string; email: string } | null,
): Promise<void> {
  const now = ctx.clock.now();
  const hour = Math.floor(now.getTime() / hourMs);
  const sum = JSON.stringify([kind, user?.id, networkOf(ctx.clientAddress), hour]);
  await ctx.pool.query({
    name: "record-failed-sign-in",
    text: `INSERT INTO "AuditEvent" ("id", "createdAt", "lastAt", "kind", "subjectId", "subjectEmail", "address", "sumKey")
      VALUES ($1, $2, $2, $3, $4, $5, $6, $7)
      ON CONFLICT ("sumKey") DO UPDATE SET "count" = "AuditEvent"."count" + 1, "lastAt" = excluded."lastAt"`,
    values: [
      newId(),
      now,
      kind,
      user?.id ?? null,
      user?.email ?? null,
      ctx.clientAddress,
      createHash("sha256").update(sum).digest("base64url"),
    ],
  });
}
