import { errorOfStatus, FermataError, type FermataErrorFacts } from "./api-error";

/** What a store, or something before it, means by a refusal that is final, and what to do about it. */
const refusals: { sign: RegExp; reason: string; words: string }[] = [
  {
    sign: /RequestTimeTooSkewed/,
    reason: "clock",
    words:
      "The server's clock differs from the store's, which therefore refuses what it signs. Set the server's clock.",
  },
  {
    sign: /Quota|StorageFull|InsufficientStorage/i,
    reason: "full",
    words: "The store is full, or its quota is used up. Make room there, then try again.",
  },
  {
    sign: /AccessDenied|AllAccessDisabled|InvalidAccessKeyId|SignatureDoesNotMatch/,
    reason: "store",
    words:
      "The store does not let the server's key write. Check S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY and what the key may do.",
  },
  {
    sign: /<html|<!doctype/i,
    reason: "proxy",
    words:
      "Something before the store refused the bytes: a firewall or a proxy answers with a page of its own.",
  },
];

/** The failure behind a 403 or a 507 that is not our server's. */
export function refusedByStore(body: string, facts: FermataErrorFacts): FermataError {
  // AWS says AccessDenied of a URL that is too old.
  if (/has expired/i.test(body)) return new FermataError("UPLOAD_EXPIRED", undefined, facts);
  const { storeCode } = facts.details ?? {};
  const words = typeof storeCode === "string" ? storeCode : body.slice(0, 500);
  // 507 says so without a word.
  const isFull = facts.httpStatus === 507;
  const refusal = refusals.find(({ sign, reason }) =>
    isFull ? reason === "full" : sign.test(words),
  );
  if (!refusal) return errorOfStatus(facts.httpStatus ?? 403, facts);
  return new FermataError(isFull ? "UPSTREAM_UNAVAILABLE" : "FORBIDDEN", refusal.words, {
    ...facts,
    details: { ...facts.details, reason: refusal.reason, ...(isFull && { retry: false }) },
  });
}
