import type { ErrorCode, ErrorDetails } from "@fermata/contract";
import { TRPCError } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import { ZodError } from "zod";
import { databaseFailureOf, isDiskFull, isPoolEnded } from "./database-failure";
import type { ErrorShape } from "./error-shape";

type TrpcCode = TRPCError["code"];

/** One row a code: how it travels in tRPC and over HTTP, and what people read when nothing better is said. */
const errorTable = {
  UNAUTHENTICATED: { trpc: "UNAUTHORIZED", message: "Sign in first." },
  FORBIDDEN: { trpc: "FORBIDDEN", message: "Your account may not do this." },
  NOT_FOUND: { trpc: "NOT_FOUND", message: "There is no such thing here." },
  INVALID_INPUT: { trpc: "BAD_REQUEST", message: "The request does not fit. See details." },
  PAYLOAD_TOO_LARGE: { trpc: "PAYLOAD_TOO_LARGE", message: "That is larger than allowed." },
  UNSUPPORTED_MEDIA_TYPE: {
    trpc: "UNSUPPORTED_MEDIA_TYPE",
    message: "This type is not accepted, or the bytes are of another type.",
  },
  CHECKSUM_MISMATCH: {
    trpc: "BAD_REQUEST",
    message: "The bytes differ from their checksum; nothing was stored. Send them again.",
  },
  UPLOAD_EXPIRED: { trpc: "FORBIDDEN", message: "The upload URL expired. Ask for a new one." },
  UPLOAD_ALREADY_USED: {
    trpc: "CONFLICT",
    message: "The upload URL was used already. Ask for a new one.",
  },
  UPLOAD_INCOMPLETE: {
    trpc: "CONFLICT",
    message: "The bytes have not all arrived. Upload them, then complete again.",
  },
  QUOTA_EXCEEDED: { trpc: "FORBIDDEN", message: "The quota is used up. Delete something first." },
  RATE_LIMITED: { trpc: "TOO_MANY_REQUESTS", message: "Too many requests. Wait, then try again." },
  CONFLICT: { trpc: "CONFLICT", message: "The present state does not allow this." },
  ROOM_FULL: { trpc: "CONFLICT", message: "Every seat in the room is taken." },
  ROOM_CLOSED: { trpc: "CONFLICT", message: "The room is closed." },
  UPSTREAM_UNAVAILABLE: {
    trpc: "SERVICE_UNAVAILABLE",
    message: "A service this depends on does not answer. Try again in a moment.",
  },
  INTERNAL: {
    trpc: "INTERNAL_SERVER_ERROR",
    message: "Something failed on the server. The request id leads to it in the log.",
  },
} as const satisfies Record<ErrorCode, { trpc: TrpcCode; message: string }>;

/** Where nobody knows when it will be better. */
const usualRetrySeconds = 5;

/** A failure that callers may expect. `details` and `message` are shown to them: facts and a next step, no secrets. */
export class AppError extends Error {
  override readonly name = "AppError";
  /** Of the request that failed before it had a context. */
  requestId?: string;

  /** How it travels in tRPC, where that is more than the code says. */
  readonly #trpc: TrpcCode;

  constructor(
    readonly code: ErrorCode,
    readonly details?: ErrorDetails,
    message: string = errorTable[code].message,
    options?: ErrorOptions & { trpc?: TrpcCode },
  ) {
    super(message, options);
    this.#trpc = options?.trpc ?? errorTable[code].trpc;
  }

  get httpStatus(): number {
    return getHTTPStatusCodeFromError(new TRPCError({ code: this.#trpc }));
  }

  /** When to come back, in whole seconds: of a refusal that says "later". */
  get retryAfterSeconds(): number | null {
    const said = this.details?.retryAfterSeconds;
    if (typeof said === "number") return Math.max(1, Math.ceil(said));
    const { httpStatus } = this;
    return httpStatus === 429 || httpStatus === 503 ? usualRetrySeconds : null;
  }

  toTrpc(): TRPCError {
    return new TRPCError({ code: this.#trpc, message: this.message, cause: this });
  }
}

/** What tRPC itself refuses, before a procedure runs. Anything not named here is ours and internal. */
const trpcRefusals: Partial<Record<TrpcCode, ErrorCode>> = {
  PARSE_ERROR: "INVALID_INPUT",
  BAD_REQUEST: "INVALID_INPUT",
  NOT_FOUND: "NOT_FOUND",
  METHOD_NOT_SUPPORTED: "INVALID_INPUT",
  UNSUPPORTED_MEDIA_TYPE: "UNSUPPORTED_MEDIA_TYPE",
  PAYLOAD_TOO_LARGE: "PAYLOAD_TOO_LARGE",
};

/** When another attempt is worth while: a restart takes seconds, and room is made by people. */
const retryAfterSeconds = { away: 2, busy: 1, full: 10 } as const;

/** Turns whatever was thrown into the one kind of failure that leaves the server. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof TRPCError) {
    if (error.cause instanceof AppError) return error.cause;
    if (error.code === "BAD_REQUEST" && error.cause instanceof ZodError) {
      return new AppError("INVALID_INPUT", { issues: issuesOf(error.cause) });
    }
    const refusal = trpcRefusals[error.code];
    // A cause means that a procedure threw it, and its text may say anything.
    if (refusal && error.cause === undefined)
      return new AppError(refusal, { reason: error.message });
    if (refusal) return new AppError(refusal);
    if (error.cause) return toAppError(error.cause);
  }
  const failure = databaseFailureOf(error);
  if (failure) {
    const details = {
      service: "database",
      ...(isDiskFull(error) && { reason: "disk full" }),
      ...(isPoolEnded(error) && { reason: "database.pool was ended" }),
      retryAfterSeconds: retryAfterSeconds[failure],
    };
    const message = isDiskFull(error)
      ? "The disk of the database is full: nothing can be written until there is room."
      : undefined;
    return new AppError("UPSTREAM_UNAVAILABLE", details, message, { cause: error });
  }
  return new AppError("INTERNAL", undefined, undefined, { cause: error });
}

/** A failure as tRPC's clients read it. */
export function errorShapeOf(failure: AppError, requestId: string): ErrorShape {
  const { message } = failure;
  const details = detailsOf(failure);
  const { code } = failure.toTrpc();
  return {
    code: TRPC_ERROR_CODES_BY_KEY[code],
    message,
    data: {
      code,
      httpStatus: failure.httpStatus,
      appCode: failure.code,
      ...(details && { details }),
      requestId,
    },
  };
}

function issuesOf(error: ZodError) {
  return error.issues
    .slice(0, 20)
    .map((issue) => ({ path: issue.path.join("."), message: issue.message }));
}

/** The answer of an HTTP route outside tRPC. */
export function errorResponse(error: unknown, requestId: string): Response {
  const failure = toAppError(error);
  return Response.json(errorBodyOf(failure, requestId), {
    status: failure.httpStatus,
    headers: { "cache-control": "no-store", ...retryAfter(failure) },
  });
}

/** A failure as HTTP routes outside tRPC tell it. */
export function errorBodyOf(failure: AppError, requestId: string) {
  const { code, message } = failure;
  const details = detailsOf(failure);
  return { error: { appCode: code, message, ...(details && { details }), requestId } };
}

/** The header that every 429 and 503 carries. */
export function retryAfter({ retryAfterSeconds }: AppError): Record<string, string> {
  return retryAfterSeconds === null ? {} : { "retry-after": String(retryAfterSeconds) };
}

/** Clients that cannot read the header find it here. */
function detailsOf({ details, retryAfterSeconds }: AppError): ErrorDetails | undefined {
  return retryAfterSeconds === null || details?.retryAfterSeconds !== undefined
    ? details
    : { ...details, retryAfterSeconds };
}
