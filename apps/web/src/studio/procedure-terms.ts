import { audit, auth, instruments, overview, profile, settings } from "@fermata/contract";
import { termsOf } from "@fermata/server/internal";
import { studioAccess } from "./procedure-access";

/** Every procedure of the studio's own. */
export const studioTerms = termsOf(
  { audit, auth, instruments, overview, profile, settings },
  studioAccess,
);
