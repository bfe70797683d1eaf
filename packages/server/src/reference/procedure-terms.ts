import { type ContractEntries, type ErrorCode, terms } from "@fermata/contract";
import type { z } from "zod";
import type { ProcedureAccess } from "./procedure-access";

/** What documents and clients are told of a procedure. */
export interface ProcedureTerms {
  /** A sentence or two: what it does. */
  about: string;
  /** After "for": `signed-in users`. */
  callers: string;
  /** The codes that it answers with for reasons of its own: any call may be refused besides. */
  errors?: readonly ErrorCode[];
  input?: z.ZodType;
  output: z.ZodType;
  /** What fields mean whose schemas do not say it: by `name`, or by `holder.name`, which is nearer. */
  fields?: Readonly<Record<string, string>>;
}

/** By path, such as `files.getUrl`. */
export type TermsByPath = Readonly<Record<string, ProcedureTerms>>;

/** What the contract says of procedures, beside whom they let in. */
export function termsOf(
  contract: Record<string, ContractEntries>,
  access: Record<string, ProcedureAccess>,
): TermsByPath {
  return Object.fromEntries(
    Object.entries(access).map(([path, { nobody, guest, member, foreign }]) => {
      const [feature = "", name = ""] = path.split(".");
      const entry = contract[feature]?.[name];
      if (!entry) throw new Error(`The contract tells nothing of ${path}.`);
      const refusals = [nobody, member, foreign].filter((code) => code !== null && isCode(code));
      const errors = [...new Set([...refusals, ...(entry.errors ?? [])])] as ErrorCode[];
      const callers = callersOf({ nobody, guest, member });
      return [path, { ...entry, callers, errors, fields: terms }];
    }),
  );
}

function isCode(word: string): boolean {
  return /^[A-Z_]+$/.test(word);
}

function callersOf({ nobody, guest, member }: { nobody: string; guest: string; member: string }) {
  if (!isCode(nobody)) return "anybody";
  if (!isCode(guest)) return "whoever sits in the room, by a room token";
  return isCode(member) ? "admins" : "signed-in users";
}
