import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const entryName = "workbench-process";

interface Entry {
  path: string;
  execArgv: string[];
  /** Where Node looks for what `execArgv` names. */
  cwd: string;
}

/**
 * Finds what a process of the workbench runs: a file beside this one, as source and in every bundle that has it as an
 * entry. Where a framework bundles this file by itself, the host says where the entry lies.
 */
export function locateEntry(given: string | null): Entry {
  const here = fileURLToPath(import.meta.url);
  const path = given ?? join(dirname(here), entryName + extname(here));
  // In development and tests the source runs as it is.
  const execArgv = extname(path) === ".ts" ? ["--import", "tsx"] : [];
  return { path, execArgv, cwd: dirname(path) };
}
