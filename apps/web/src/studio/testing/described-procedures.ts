import {
  describeProcedures,
  type JsonSchema,
  libraryTerms,
  type ProcedureDescription,
} from "@fermata/server/internal";
import { appRouter } from "../app-router";
import { studioTerms } from "../procedure-terms";

/** Every procedure that is answered, as documents and the client's types are printed from. */
export const procedures = describeProcedures(appRouter, { ...studioTerms, ...libraryTerms });

/** The shapes of these that have a name. */
export function shapesOf(described: ProcedureDescription[]): Record<string, JsonSchema> {
  return Object.assign(
    {},
    ...described.flatMap(({ input, output }) => [input?.shapes, output.shapes]),
  );
}
