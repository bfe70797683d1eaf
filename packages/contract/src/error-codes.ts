/** Every failure that a caller can expect. The set is closed: a new one is a new version of the contract. */
export const errorCodes = [
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "INVALID_INPUT",
  "PAYLOAD_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
  "CHECKSUM_MISMATCH",
  "UPLOAD_EXPIRED",
  "UPLOAD_ALREADY_USED",
  "UPLOAD_INCOMPLETE",
  "QUOTA_EXCEEDED",
  "RATE_LIMITED",
  "CONFLICT",
  "ROOM_FULL",
  "ROOM_CLOSED",
  "UPSTREAM_UNAVAILABLE",
  "INTERNAL",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Facts about one failure, in plain JSON: a limit, a field, the next step. Never text of an exception. */
export type ErrorDetails = Record<string, unknown>;
