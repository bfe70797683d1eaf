/** Followed by the process that made it; see makeOwnedName. */
export const TEST_DATABASE_PREFIX = "fermata_test";
