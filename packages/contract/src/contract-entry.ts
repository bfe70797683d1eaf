import type { z } from "zod";
import type { ErrorCode } from "./error-codes";

/** What there is to know of a procedure: for the server that checks it, its documents, and its clients. */
export interface ContractEntry {
  /** A sentence or two: what it does, and until when. */
  about: string;
  /** Beside those that any call may answer with, and those of whom it lets in. */
  errors?: ErrorCode[];
  input?: z.ZodType;
  output: z.ZodType;
}

export type ContractEntries = Record<string, ContractEntry>;
