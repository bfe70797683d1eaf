import type { Services } from "../context";
import type { UsageKind } from "../generated/prisma/enums";
import type { QuotaHolder } from "../ports/quota-rule";

export interface Quota {
  subject: string;
  kind: UsageKind;
  quotaBytes: number;
}

/** The app's rule for this user, else a quota of their own. */
export function quotaOf(
  { config, quota }: Pick<Services, "config" | "quota">,
  { userId, tenantId }: QuotaHolder,
  kind: UsageKind,
): Quota {
  const { subject, filesBytes, mediaBytes } = quota?.({ userId, tenantId }) ?? {
    subject: userId,
    filesBytes: config.filesQuotaBytes,
    mediaBytes: config.mediaQuotaBytes,
  };
  return { subject, kind, quotaBytes: kind === "files" ? filesBytes : mediaBytes };
}

/**
 * What a row counts against, for what the server makes beside it. No row names its tenant, so no rule can be asked what a
 * tenant may have: there it counts and is not refused.
 */
export function quotaBeside(
  ctx: Pick<Services, "config" | "quota">,
  { userId, quotaSubject }: { userId: string; quotaSubject: string | null },
  kind: UsageKind,
): Quota {
  if (quotaSubject === null) return quotaOf(ctx, { userId, tenantId: null }, kind);
  return { subject: quotaSubject, kind, quotaBytes: Number.POSITIVE_INFINITY };
}

/** How a row says whose quota it counts against: the column is for those that are not the user's own. */
export function subjectColumn(quota: Quota, userId: string): { quotaSubject?: string } {
  return quota.subject === userId ? {} : { quotaSubject: quota.subject };
}
