import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createTestDatabase } from "@fermata/embedded/testing";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const published = {
  "@fermata/contract": "contract",
  "@fermata/api": "api",
  "@fermata/server": "server",
  fermata: "cli",
};
const examples = await readdir(join(root, "examples"));
const minutes = 60_000;

let work: string;
/** What a manifest names each packed package by. */
let tarballs: Record<string, string>;

const run = async (command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}) => {
  const common = {
    NEXT_TELEMETRY_DISABLED: "1",
    CHECKPOINT_DISABLE: "1",
    // Any file that exists keeps Prisma from fetching its engine, which the generator does not need.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  };
  const options = { cwd, env: { ...process.env, ...common, ...env }, maxBuffer: 64 * 1024 * 1024 };
  const { stdout, stderr } = await promisify(execFile)(command, args, options).catch((error) => {
    throw new Error(`${command} ${args.join(" ")} failed:\n${error.stdout}\n${error.stderr}`);
  });
  return `${stdout}${stderr}`;
};

/** The packages that come along with an import, by name. */
async function packagesLoadedBy(module: string, cwd: string): Promise<string[]> {
  const hooks = `export async function resolve(name, context, next) {
    const found = await next(name, context);
    process._rawDebug(found.url);
    return found;
  }`;
  const register = `import { register } from "node:module"; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)});`;
  const imports = ["--import", `data:text/javascript,${encodeURIComponent(register)}`];
  const script = ["--input-type=module", "-e", `await import(${JSON.stringify(module)})`];
  const said = await run(process.execPath, [...imports, ...script], cwd);
  const names = said.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/g);
  return [...new Set([...names].map(([, name = ""]) => name))];
}

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "fermata-examples-"));
  const { packageManager } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  tarballs = {};
  for (const [name, folder] of Object.entries(published)) {
    const to = join(work, `packed-${folder}`);
    const pack = ["-y", packageManager, "pack", "--pack-destination", to];
    await run("npx", pack, join(root, "packages", folder));
    const [file = "nothing was packed"] = await readdir(to);
    tarballs[name] = `file:${join(to, file)}`;
  }
}, 10 * minutes);
afterAll(() => rm(work, { recursive: true, force: true }));

test.each(examples)(
  "the example %s installs what is published, compiles, and does what it says",
  async (name) => {
    const dir = join(work, name);
    await cp(join(root, "examples", name), dir, {
      recursive: true,
      filter: (path) => !/node_modules|\.next/.test(path),
    });
    const manifest = JSON.parse(await readFile(join(dir, "package.json"), "utf8"));
    for (const [dependency, tarball] of Object.entries(tarballs)) {
      if (manifest.dependencies[dependency]) manifest.dependencies[dependency] = tarball;
      if (manifest.devDependencies[dependency]) manifest.devDependencies[dependency] = tarball;
    }
    await writeFile(join(dir, "package.json"), JSON.stringify(manifest));
    await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], dir);
    // Decoders, parsers and the AWS SDK load when they are first needed.
    const loaded = await packagesLoadedBy("@fermata/server", dir);
    expect(loaded).toContain("@prisma/client");
    expect(loaded).toContain("zod");
    const heavy =
      /^(@aws-sdk|@smithy|@node-rs)\/|^(sharp|libheif-js|mediabunny|thumbhash|next|vitest)$/;
    expect(loaded.filter((name) => heavy.test(name))).toEqual([]);
    await run("npm", ["run", "typecheck"], dir);
    const database = await createTestDatabase();
    try {
      // The app's own: nothing of ours is in it.
      const client = new pg.Client(database.url);
      await client.connect();
      await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
      await client.end();
      const said = await run("npm", ["test"], dir, {
        DATABASE_URL: database.url,
        PORT: "0",
        BYTES: join(dir, "bytes"),
      });
      expect(said).toContain("An invoice owned its PDF, and let go of it.");
      // Its column, too, is looked at.
      expect(said).toMatch(/ok {4}migrations\n(.*\n)*ok {4}owner /);
    } finally {
      await database.drop();
    }
  },
  10 * minutes,
);
