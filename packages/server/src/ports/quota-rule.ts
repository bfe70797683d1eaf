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
