import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as Client from "@fermata/api";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const fixtures = join(root, "e2e/fixtures");
/** What its packages asked for, by who has it here. */
const dependencies = {
  "@trpc/client": "packages/api",
  "@trpc/server": "packages/api",
  "hash-wasm": "packages/api",
  eventsource: "e2e",
  zod: "packages/contract",
};

/** The client of the release before, from the packages that it was published as. */
export async function installReleaseBefore() {
  const dir = await mkdtemp(join(tmpdir(), "fermata-before-"));
  const modules = join(dir, "node_modules");
  const tarballs = (await readdir(fixtures)).filter((name) => name.endsWith(".tgz"));
  for (const tarball of tarballs) {
    const target = join(modules, "@fermata", tarball.replace(/^fermata-|-[\d.]+\.tgz$/g, ""));
    await mkdir(target, { recursive: true });
    const strip = ["--strip-components=1", "-C", target];
    execFileSync("tar", ["-xzf", join(fixtures, tarball), ...strip]);
  }
  for (const [name, owner] of Object.entries(dependencies)) {
    const link = join(modules, name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, owner, "node_modules", name), link);
  }
  const entry = join(modules, "@fermata/api/dist/index.js");
  return {
    client: (await import(pathToFileURL(entry).href)) as typeof Client,
    /** For bundles. */
    entry,
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
