import {
  type DetailedCode,
  type DetailsOf,
  type ErrorCode,
  type ErrorDetails,
  errorCodes,
} from "@fermata/contract";

/** Failures that no server told of: the network broke, the caller aborted, or a data channel takes no more for now. */
export type ClientErrorCode = "NETWORK" | "ABORTED" | "CHANNEL_FULL";

export type FermataErrorCode = ErrorCode | ClientErrorCode;

export const changedMessage =
  "The file was changed, moved or deleted since it was chosen. Choose it again.";

export interface FermataErrorFacts {
  details?: ErrorDetails;
  /** Leads to the failure in the server's log. */
  requestId?: string;
  httpStatus?: number;
  cause?: unknown;
}

/** Every failure of this client, whether the server, a store or the network caused it. */
class Failure extends Error {
  override readonly name = "FermataError";
  readonly details: ErrorDetails | undefined;
  readonly requestId: string | undefined;
  readonly httpStatus: number | undefined;

  constructor(
    readonly code: FermataErrorCode,
    message: string = defaultMessages[code] ?? "The request failed.",
    { details, requestId, httpStatus, cause }: FermataErrorFacts = {},
  ) {
    super(message, { cause });
    this.details = completed(code, details);
    this.requestId = requestId;
    this.httpStatus = httpStatus;
  }
}

interface FailureOf<Code extends FermataErrorCode> extends Failure {
  readonly code: Code;
  /** Facts about it, by its code. */
  readonly details: Code extends DetailedCode ? DetailsOf<Code> : DetailsOf<Code> | undefined;
}

/** Every failure of this client: a look at its `code` tells what its `details` are. */
export type FermataError = { [Code in FermataErrorCode]: FailureOf<Code> }[FermataErrorCode];

export const FermataError = Failure as unknown as {
  new (code: FermataErrorCode, message?: string, facts?: FermataErrorFacts): FermataError;
  readonly prototype: FermataError;
};

/** Where nobody says when it will be better. */
const usualRetrySeconds = 5;

/** What a code's details always have, also from a proxy, and from servers of before. */
function completed(code: FermataErrorCode, details?: ErrorDetails): ErrorDetails | undefined {
  if (code === "QUOTA_EXCEEDED") return { limitBytes: details?.quotaBytes ?? 0, ...details };
  if (code === "RATE_LIMITED") return { retryAfterSeconds: usualRetrySeconds, ...details };
  return details;
}

const defaultMessages: Partial<Record<FermataErrorCode, string>> = {
  NETWORK: "The server cannot be reached. Check the connection, then try again.",
  ABORTED: "Cancelled.",
  CHANNEL_FULL: "More waits to go out than the line takes. Wait until it has drained, then go on.",
  PAYLOAD_TOO_LARGE: "That is larger than allowed.",
  RATE_LIMITED: "Too many requests. Wait, then try again.",
  UNAUTHENTICATED: "Sign in first.",
  UPLOAD_EXPIRED: "The upload URL expired. Start the upload again.",
  UPSTREAM_UNAVAILABLE: "The service does not answer. Try again in a moment.",
};

/** Turns whatever a call of this client threw into the one kind of failure to show and to switch on. */
export function toFermataError(error: unknown): FermataError {
  if (error instanceof FermataError) return error;
  if (!isRecord(error)) return new FermataError("INTERNAL", String(error), { cause: error });

  if (error.name === "AbortError") {
    return new FermataError("ABORTED", undefined, { cause: error });
  }
  // What a `File` throws whose file is another by now, or gone.
  if (error.name === "NotReadableError" || error.name === "NotFoundError") {
    return new FermataError("INVALID_INPUT", changedMessage, { cause: error });
  }
  // A tRPC error, as an exception or as the `error` of a hook.
  const told = readErrorFacts(error.data, error.message, error);
  if (told) return told;
  // A body of ours: given directly, or what a tRPC link received from a route outside tRPC.
  const body = readErrorBody(error) ?? readErrorBody(fieldOf(error.meta, "responseJSON"));
  if (body) return body;

  // tRPC wraps what its `fetch` threw, and what cannot be read of an answer that broke off.
  if (error.name === "TRPCClientError" && isRecord(error.cause)) {
    const isTorn = error.cause.name === "SyntaxError";
    return isTorn
      ? new FermataError("NETWORK", "The answer broke off.", { cause: error })
      : toFermataError(error.cause);
  }
  if (isNetworkFailure(error)) return new FermataError("NETWORK", undefined, { cause: error });
  const message = typeof error.message === "string" ? error.message : "Something failed.";
  return new FermataError("INTERNAL", message, { cause: error });
}

/** Reads `{ error: { appCode, message, details?, requestId } }`, what HTTP routes outside tRPC answer. */
export function readErrorBody(body: unknown, httpStatus?: number): FermataError | null {
  const told = fieldOf(body, "error");
  if (!isRecord(told)) return null;
  return (
    readErrorFacts({ httpStatus, ...told }, told.message) ?? readErrorFacts(told.data, told.message)
  );
}

/** The nearest code to an HTTP status, for answers that carry no code of ours: a proxy's, a store's. */
export function errorOfStatus(status: number, facts: FermataErrorFacts = {}): FermataError {
  return new FermataError(codeOfStatus(status), undefined, { httpStatus: status, ...facts });
}

/** What `Retry-After` asks for, in seconds or until a date, as details of a failure tell it. */
export function askedToWait(header: string | null): { details?: { retryAfterSeconds: number } } {
  if (!header) return {};
  const seconds = /^\d+$/.test(header.trim())
    ? Number(header)
    : Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? {} : { details: { retryAfterSeconds: Math.max(0, seconds) } };
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return "UNAUTHENTICATED";
  if (status === 403) return "FORBIDDEN";
  if (status === 404) return "NOT_FOUND";
  if (status === 409 || status === 412) return "CONFLICT";
  if (status === 413) return "PAYLOAD_TOO_LARGE";
  if (status === 415) return "UNSUPPORTED_MEDIA_TYPE";
  if (status === 429) return "RATE_LIMITED";
  return status >= 500 ? "UPSTREAM_UNAVAILABLE" : "INVALID_INPUT";
}

function readErrorFacts(data: unknown, message: unknown, cause?: unknown): FermataError | null {
  if (!isRecord(data) || typeof data.appCode !== "string") return null;
  // A newer server may know codes that this client does not.
  const code = errorCodes.find((known) => known === data.appCode) ?? "INTERNAL";
  return new FermataError(code, typeof message === "string" ? message : undefined, {
    details: isRecord(data.details) ? data.details : undefined,
    requestId: typeof data.requestId === "string" ? data.requestId : undefined,
    httpStatus: typeof data.httpStatus === "number" ? data.httpStatus : undefined,
    cause,
  });
}

/** What Bun and Node call a connection that is refused, broken or not found. */
const networkCodes = /^(Connection|FailedTo|E(CONN|NOTFOUND|TIMEDOUT|PIPE|AI_|NET|HOST)|UND_ERR)/;

/** Browsers and Node report a network that breaks, also in the middle of an answer, as a TypeError whose text differs. */
const networkWords = /fetch|network|load failed|terminated|input stream/i;

function isNetworkFailure({ name, code, message, cause }: Record<string, unknown>): boolean {
  if (name === "TimeoutError" || networkCodes.test(String(code))) return true;
  if (name !== "TypeError") return false;
  return networkWords.test(String(message)) || networkCodes.test(String(fieldOf(cause, "code")));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function fieldOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}
