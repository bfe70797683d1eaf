import type { Services } from "../../context";
import { iceGrants } from "./ice-grants";
import { withDeadline } from "./with-deadline";

/** Who goes waits for this long at most; what is not revoked by then, the job revokes. */
const providerMs = 1_800;
const atOnce = 20;

type RevokeServices = Pick<Services, "db" | "ice" | "clock" | "log">;

/** Asks the provider to make void what `endGrants` ended, and writes down what is done. */
export async function revokeEndedGrants(
  ctx: RevokeServices,
  which: { subjects?: string[] } = {},
): Promise<{ revoked: number; failed: number }> {
  if (which.subjects?.length === 0) return { revoked: 0, failed: 0 };
  const due = await ctx.db.turnGrant.findMany({
    where: {
      expiresAt: { gt: ctx.clock.now() },
      endedAt: { not: null },
      revokedAt: null,
      username: { not: null },
      provider: ctx.ice.name,
      ...(which.subjects && { subject: { in: which.subjects } }),
    },
    orderBy: { expiresAt: "asc" },
    take: 1_000,
    select: { id: true, username: true, subject: true },
  });
  let revoked = 0;
  let failed = 0;
  for (let from = 0; from < due.length; from += atOnce) {
    await Promise.all(
      due.slice(from, from + atOnce).map(async ({ id, username, subject }) => {
        iceGrants(ctx.ice).forget(subject);
        try {
          const name = username ?? "";
          await withDeadline(providerMs, (signal) => ctx.ice.revoke(name, signal));
          await ctx.db.turnGrant.update({
            where: { id },
            data: { revokedAt: ctx.clock.now() },
          });
          revoked++;
        } catch (error) {
          failed++;
          ctx.log.warn(
            { err: error, provider: ctx.ice.name },
            "TURN credentials could not be revoked; they are tried again until they run out",
          );
        }
      }),
    );
  }
  return { revoked, failed };
}

/** Now where credentials wait to be revoked, else null. */
export async function nextRevocationAt(ctx: RevokeServices): Promise<Date | null> {
  const now = ctx.clock.now();
  const waiting = await ctx.db.turnGrant.findFirst({
    where: {
      expiresAt: { gt: now },
      endedAt: { not: null },
      revokedAt: null,
      username: { not: null },
      provider: ctx.ice.name,
    },
    select: { id: true },
  });
  return waiting && now;
}
