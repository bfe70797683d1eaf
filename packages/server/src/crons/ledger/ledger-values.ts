import type { Prisma } from "../../generated/prisma/client";
import { AppError } from "../../ground/errors";

const MAX_RESULT_BYTES = 64 * 1024;
const PREVIEW_CHARS = 1000;
const MAX_ERROR_CHARS = 4000;

/** A job's result as the ledger keeps it: JSON of at most 64 KiB, or else a marker with the size and the beginning. */
export function toLedgerResult(result: unknown): Prisma.InputJsonValue | undefined {
  let text: string | undefined;
  try {
    text = JSON.stringify(result, (_key, value) =>
      typeof value === "bigint" ? value.toString() : value,
    );
  } catch (error) {
    return { unreadable: true, reason: toLedgerError(error) };
  }
  if (text === undefined || text === "null") return undefined;
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > MAX_RESULT_BYTES)
    return { truncated: true, sizeBytes, preview: withoutRefused(text.slice(0, PREVIEW_CHARS)) };
  return JSON.parse(text.replace(refusedEscapes, "$1\\ufffd"));
}

/** Shown to admins only, so it may say what happened. */
export function toLedgerError(error: unknown): string {
  let text = String(error);
  if (error instanceof AppError) text = `${error.code}: ${error.message}`;
  else if (error instanceof Error) text = error.message || error.name;
  return withoutRefused(text.slice(0, MAX_ERROR_CHARS));
}

/** PostgreSQL keeps neither NUL nor half of a surrogate pair, in text and in jsonb. */
export function withoutRefused(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

/** The same as escapes inside JSON; a pair of backslashes before them is a backslash and no escape. */
const refusedEscapes = /((?<!\\)(?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;
