/** Where `createTestDatabase` finds the server; worker processes inherit it from the global setup. */
export const TEST_POSTGRES_URL_VARIABLE = "FERMATA_TEST_POSTGRES_URL";
