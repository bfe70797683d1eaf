import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Where the build put what the workbench's processes run. Next's bundle does not lie beside it: a platform starts functions
 * in the application's folder, and people start Next there or at the repository's root.
 */
export function builtWorkbenchEntry(): string {
  const folders = ["dist", "apps/web/dist"];
  const paths = folders.map((folder) =>
    join(/* turbopackIgnore: true */ process.cwd(), folder, "workbench-process.js"),
  );
  const path = paths.find((candidate) => existsSync(/* turbopackIgnore: true */ candidate));
  if (!path) throw new Error(`the workbench is not built: none of ${paths.join(", ")} is there`);
  return path;
}
