import type { ErrorCode } from "@fermata/contract";
import { type DescribedSchema, describeSchema } from "./json-schema";
import type { TermsByPath } from "./procedure-terms";

export type ProcedureType = "query" | "mutation" | "subscription";

export interface ProcedureDescription {
  /** `files.getUrl` */
  path: string;
  type: ProcedureType;
  about: string;
  /** In words. */
  callers: string;
  /** Every code that it answers with for a reason of its own; any call may answer with one of `anyCall`. */
  errors: readonly ErrorCode[];
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

/** The procedures of a router that there are terms of, in its order. */
export function describeProcedures(
  router: { _def: { procedures: Record<string, unknown> } },
  terms: TermsByPath,
): ProcedureDescription[] {
  return Object.entries(router._def.procedures).flatMap(([path, procedure]) => {
    const told = Object.hasOwn(terms, path) ? terms[path] : undefined;
    if (!told) return [];
    const { type } = (procedure as { _def: { type: ProcedureType } })._def;
    const { about, callers, errors = [], input, output, fields = {} } = told;
    // The nearest first: what a field is said to be of this procedure goes before what it is anywhere.
    const place = path.split(".").reverse();
    return [
      {
        path,
        type,
        about,
        callers,
        errors,
        input: input ? describeSchema(input, { io: "input", place, fields }) : null,
        output: describeSchema(output, { io: "output", place, fields }),
      },
    ];
  });
}
