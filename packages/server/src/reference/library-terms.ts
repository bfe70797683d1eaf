import { crons, files, imports, operations, signaling, storage } from "@fermata/contract";
import { libraryAccess } from "./procedure-access";
import { termsOf } from "./procedure-terms";

/** Every procedure of the library's. */
export const libraryTerms = termsOf(
  { crons, files, imports, operations, signaling, storage },
  libraryAccess,
);
