/** What is the matter with PostgreSQL, rather than with a statement. */
export type DatabaseFailure =
  /** It does not answer, is starting or stopping, or the connection broke. */
  | "away"
  /** It gave a statement up: it took too long, waited too long for a lock, or stood in another's way. */
  | "busy"
  /** It has no room: disk, memory or connections. */
  | "full";

const prismaCodes: Record<string, DatabaseFailure> = {
  P1001: "away",
  P1002: "away",
  P1003: "away",
  P1008: "away",
  P1017: "away",
  P2024: "busy",
  P2028: "busy",
  P2034: "busy",
  P2037: "full",
};
const socketCodes = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN"],
  ...["EHOSTUNREACH", "ENETUNREACH", "ECONNABORTED"],
]);
/** Of the error that a pool of the app's, which it has ended, is asked with. Prisma keeps the code alone. */
export const poolEnded = "POOL_ENDED";
const adapterKinds: Record<string, DatabaseFailure> = {
  DatabaseNotReachable: "away",
  ConnectionClosed: "away",
  SocketTimeout: "away",
  TooManyConnections: "full",
  TransactionWriteConflict: "busy",
};
const messages =
  /Connection terminated|Connection ended|not queryable|timeout exceeded when trying to connect|Can't reach database|Query read timeout|Connection timed out/;
const waitedTooLong = /timeout exceeded when trying to connect/;
/** Of the chain of causes that Prisma, its adapter and the driver make. */
const mostCauses = 8;

/**
 * What is the matter with PostgreSQL where an error says so; null for errors of other kinds, which are ours. Prisma keeps
 * the driver's error in `meta.driverAdapterError.cause`, with PostgreSQL's code under another name.
 */
export function databaseFailureOf(error: unknown): DatabaseFailure | null {
  let cause = error;
  for (let depth = 0; cause && typeof cause === "object" && depth < mostCauses; depth++) {
    if (isOfAnother(cause as Record<string, unknown>)) return null;
    const failure = failureOfOne(cause as Record<string, unknown>);
    if (failure) return failure;
    const { cause: deeper, meta } = cause as { cause?: unknown; meta?: Record<string, unknown> };
    cause = deeper ?? meta?.driverAdapterError;
  }
  return null;
}

/**
 * Whether another service failed: sockets give their errors the same codes whoever they lead to, but PostgreSQL is reached
 * neither by `fetch` nor over HTTP, and who has named the service knows better.
 */
function isOfAnother({ name, code, message, details }: Record<string, unknown>): boolean {
  const service = name === "AppError" && (details as { service?: string } | undefined)?.service;
  if (service) return service !== "database";
  if (name === "TypeError") return message === "fetch failed" || message === "terminated";
  return code === "ECONNRESET" && (message === "aborted" || message === "socket hang up");
}

function failureOfOne(error: Record<string, unknown>): DatabaseFailure | null {
  const { code, kind, message, originalCode } = error;
  if (typeof code === "string" && prismaCodes[code]) return prismaCodes[code];
  if (typeof code === "string" && (socketCodes.has(code) || code === poolEnded)) return "away";
  const ofState = failureOfState(originalCode) ?? failureOfState(code);
  if (ofState) return ofState;
  if (typeof kind === "string" && adapterKinds[kind]) return adapterKinds[kind];
  if (typeof message !== "string" || !messages.test(message)) return null;
  return waitedTooLong.test(message) ? "busy" : "away";
}

/** By PostgreSQL's table of SQLSTATEs. */
function failureOfState(state: unknown): DatabaseFailure | null {
  if (typeof state !== "string") return null;
  // Connection exceptions; shut down, crashed, starting up, dropped; its files cannot be read or written.
  if (/^(08...|57P0[1-5]|58030|58000)$/.test(state)) return "away";
  // Statement timeout or cancelled; lock timeout; idle for too long; deadlock and serialization; names of statements that
  // a pooler mixed up, of which the next are sent without.
  if (/^(57014|55P03|25P0[34]|40P01|40001|42P05|26000)$/.test(state)) return "busy";
  // Disk full, out of memory, too many connections, a configured limit.
  if (/^53...$/.test(state)) return "full";
  return null;
}

/** Whether an error means that PostgreSQL is away, busy or full, rather than that a statement is wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return databaseFailureOf(error) !== null;
}

/** Whether the disk of PostgreSQL is full: reads go on, and writes fail until somebody makes room. */
export function isDiskFull(error: unknown): boolean {
  return hasCode(error, "53100");
}

/** Whether the app ended the pool that it gave. */
export function isPoolEnded(error: unknown): boolean {
  return hasCode(error, poolEnded);
}

function hasCode(error: unknown, wanted: string): boolean {
  let cause = error;
  for (let depth = 0; cause && typeof cause === "object" && depth < mostCauses; depth++) {
    const { code, originalCode, meta, cause: deeper } = cause as Record<string, unknown>;
    if (code === wanted || originalCode === wanted) return true;
    cause = deeper ?? (meta as Record<string, unknown> | undefined)?.driverAdapterError;
  }
  return false;
}
