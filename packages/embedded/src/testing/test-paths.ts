import { fileURLToPath } from "node:url";

const REPOSITORY = new URL("../../../../", import.meta.url);

function inRepository(path: string): string {
  return fileURLToPath(new URL(path, REPOSITORY));
}

export const MIGRATIONS_DIR = inRepository("prisma/migrations");

/** The data root of the checkout's one test cluster; its users' leases stand there, too. */
export const TEST_ROOT = inRepository(".fermata/test");
