import {
  audit,
  auth,
  type ContractEntries,
  crons,
  type ErrorCode,
  files,
  imports,
  instruments,
  operations,
  overview,
  profile,
  settings,
  signaling,
  storage,
} from "@fermata/contract";
import { procedureAccess } from "../procedure-access";
import { type DescribedSchema, describeSchema } from "./json-schema";

export type ProcedureType = "query" | "mutation" | "subscription";

export interface ProcedureDescription {
  /** `files.getUrl` */
  path: string;
  type: ProcedureType;
  about: string;
  /** In words. */
  callers: string;
  /** Every code that it answers with for a reason of its own; any call may answer with one of `anyCall`. */
  errors: ErrorCode[];
  input: DescribedSchema | null;
  output: DescribedSchema;
}

/** What any call may answer with: an input that does not fit, too many calls, a service that is away, a fault. */
export const anyCall = [
  "INVALID_INPUT",
  "RATE_LIMITED",
  "UPSTREAM_UNAVAILABLE",
  "INTERNAL",
] as const satisfies ErrorCode[];

const contract: Record<string, ContractEntries> = {
  audit,
  auth,
  crons,
  files,
  imports,
  instruments,
  operations,
  overview,
  profile,
  settings,
  signaling,
  storage,
};

/** Every procedure of a router, in its order. */
export function describeProcedures(router: {
  _def: { procedures: Record<string, unknown> };
}): ProcedureDescription[] {
  return Object.entries(router._def.procedures).map(([path, procedure]) => {
    const [feature = "", name = ""] = path.split(".");
    const entry = contract[feature]?.[name];
    if (!entry) throw new Error(`The contract tells nothing of ${path}.`);
    const { type } = (procedure as { _def: { type: ProcedureType } })._def;
    const { nobody, guest, member, foreign } =
      procedureAccess[path as keyof typeof procedureAccess];
    const refusals = [nobody, member, foreign].filter((code) => code !== null && isCode(code));
    return {
      path,
      type,
      about: entry.about,
      callers: callersOf({ nobody, guest, member }),
      errors: [...new Set([...refusals, ...(entry.errors ?? [])])] as ErrorCode[],
      input: entry.input ? describeSchema(entry.input, "input", [name, feature]) : null,
      output: describeSchema(entry.output, "output", [name, feature]),
    };
  });
}

function isCode(word: string): boolean {
  return /^[A-Z_]+$/.test(word);
}

function callersOf({ nobody, guest, member }: { nobody: string; guest: string; member: string }) {
  if (!isCode(nobody)) return "anybody";
  if (!isCode(guest)) return "whoever sits in the room, by a room token";
  return isCode(member) ? "admins" : "signed-in users";
}
