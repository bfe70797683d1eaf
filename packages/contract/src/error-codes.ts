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

/** What may stand beside the facts that a code is known for. */
interface FurtherDetails {
  [fact: string]: unknown;
}

/** The facts by which a code can be dealt with. What is not optional is always there. */
export interface DetailsByCode {
  INVALID_INPUT: FurtherDetails & {
    /** What does not fit, field by field. */
    issues?: { path: string; message: string }[];
    reason?: string;
  };
  /** In a room, `signedOut` beside the reason `kicked`: nobody put the seat out, but the sign-in that took it has ended. */
  FORBIDDEN: FurtherDetails & { reason?: string; signedOut?: boolean };
  NOT_FOUND: FurtherDetails & { reason?: string };
  PAYLOAD_TOO_LARGE: FurtherDetails & {
    /** Bytes that are taken at most; left out where a proxy does not tell. */
    limitBytes?: number;
    sizeBytes?: number;
    /** `proxy` where it is not the server's own limit. */
    reason?: string;
    /** The proxy, and its setting that raises the limit. */
    by?: string;
    setting?: string;
  };
  UNSUPPORTED_MEDIA_TYPE: FurtherDetails & { contentType?: string; reason?: string };
  UPLOAD_ALREADY_USED: FurtherDetails & {
    /** Of the file that the URL stored, where its bytes are the ones that came again. */
    storageId?: string;
  };
  UPLOAD_INCOMPLETE: FurtherDetails & { sizeBytes?: number; expectedBytes?: number };
  QUOTA_EXCEEDED: FurtherDetails & {
    /** Bytes that may be used; 0 where it is rooms that are too many. */
    limitBytes: number;
    limitRooms?: number;
  };
  RATE_LIMITED: FurtherDetails & {
    /** When to come back. */
    retryAfterSeconds: number;
  };
  CONFLICT: FurtherDetails & { reason?: string };
  ROOM_FULL: FurtherDetails & { capacity?: number; retryAfterSeconds?: number };
  UPSTREAM_UNAVAILABLE: FurtherDetails & {
    retryAfterSeconds?: number;
    /** Which one: `database`, a store, an engine of jobs. */
    service?: string;
    reason?: string;
  };
}

/** The details of a failure with this code. */
export type DetailsOf<Code extends string> = Code extends keyof DetailsByCode
  ? DetailsByCode[Code]
  : ErrorDetails;

/** Codes whose details are always there. */
export type DetailedCode = "QUOTA_EXCEEDED" | "RATE_LIMITED";
