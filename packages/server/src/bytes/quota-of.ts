import type { Services } from "../context";
import type { UsageKind } from "../generated/prisma/enums";

/** For whom a quota is asked. */
export interface QuotaHolder {
  userId: string;
  /** The organisation that the app counts the user to. */
  tenantId: string | null;
}

/** An app's rule: whose bytes count together, and how many there may be. */
export type QuotaRule = (who: QuotaHolder) => {
  /** The user's own id, or one that several share, such as a tenant's. */
  subject: string;
  filesBytes: number;
  mediaBytes: number;
};

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

/** How a row says whose quota it counts against: the column is for those that are not the user's own. */
export function subjectColumn(quota: Quota, userId: string): { quotaSubject?: string } {
  return quota.subject === userId ? {} : { quotaSubject: quota.subject };
}
