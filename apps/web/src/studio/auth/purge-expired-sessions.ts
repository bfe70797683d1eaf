import { limits } from "@fermata/contract";
import { deleteInBatches, purgeRateLimits } from "@fermata/server/internal";
import type { JobContext } from "../context";
import { knownNetworkDays } from "./known-networks";

const batchRows = 5_000;

/**
 * Deletes sessions, tokens and links that are over, which open nothing any more, and what is no longer kept of where people
 * signed in from, of attempts that were counted, and of what was written down for audits.
 */
export async function purgeExpiredSessions(
  ctx: Pick<JobContext, "pool" | "clock" | "signal" | "log">,
): Promise<
  Record<"sessions" | "invitations" | "knownNetworks" | "auditEvents" | "limits", number>
> {
  const before = ctx.clock.now();
  const daysAgo = (days: number) => new Date(before.getTime() - days * 86_400_000);
  const sessions = await deleteInBatches(ctx, { table: "Session", before, batchRows });
  const invitations = await deleteInBatches(ctx, { table: "Invitation", before, batchRows });
  const knownNetworks = await deleteInBatches(ctx, {
    table: "KnownNetwork",
    before: daysAgo(knownNetworkDays),
    batchRows,
  });
  const auditEvents = await deleteInBatches(ctx, {
    table: "AuditEvent",
    before: daysAgo(limits.auditDays),
    batchRows,
  });
  return {
    sessions: sessions.deleted,
    invitations: invitations.deleted,
    knownNetworks: knownNetworks.deleted,
    auditEvents: auditEvents.deleted,
    limits: await purgeRateLimits(ctx),
  };
}
