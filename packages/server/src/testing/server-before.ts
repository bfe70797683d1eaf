import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as Server from "../index";
import type * as Stores from "../stores";

const packageDir = fileURLToPath(new URL("../..", import.meta.url));

/** The library of the release before, from the package that it was published as. */
export async function installServerBefore() {
  // Within this package's own modules, so that it finds what it depends on as this release does.
  const modules = join(packageDir, "node_modules/.fermata-before");
  await mkdir(modules, { recursive: true });
  const dir = await mkdtemp(join(modules, "server-"));
  const tarball = join(packageDir, "fixtures/fermata-server-0.1.0.tgz");
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", dir]);
  const load = (file: string) => import(pathToFileURL(join(dir, "dist/lib", file)).href);
  return {
    server: (await load("index.js")) as typeof Server,
    stores: (await load("stores.js")) as typeof Stores,
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
