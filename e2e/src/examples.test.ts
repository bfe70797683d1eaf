import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createTestDatabase } from "@fermata/embedded/testing";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hasBrowser } from "./setup/browser";
import { seeConsoleOf } from "./setup/console-of-app";

const root = fileURLToPath(new URL("../..", import.meta.url));
const published = {
  "@fermata/contract": "contract",
  "@fermata/api": "api",
  "@fermata/server": "server",
  "@fermata/console": "console",
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

/** The packages whose types the published declarations name, by name. */
async function namedByDeclarations(dir: string): Promise<string[]> {
  const files = (await readdir(dir)).filter((name) => name.endsWith(".d.ts"));
  const texts = await Promise.all(files.map((name) => readFile(join(dir, name), "utf8")));
  const specifiers = texts.flatMap((text) => [
    ...text.matchAll(/(?:from |import\(|import )"((?:node:|@[^/"]+\/)?[^./"][^/"]*)/g),
  ]);
  return [...new Set(specifiers.map(([, name = ""]) => name))].sort();
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
afterAll(() => rm(work, { recursive: true, force: true }), 2 * minutes);

test.each(examples)(
  "the example %s installs what is published, compiles, and does what it says",
  async (name) => {
    const dir = join(work, name);
    await cp(join(root, "examples", name), dir, {
      recursive: true,
      filter: (path) => !/\/(node_modules|\.next)$/.test(path),
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
    expect(await namedByDeclarations(join(dir, "node_modules/@fermata/server/dist/lib"))).toEqual([
      "@trpc/server",
      "inngest",
      // Of `@fermata/server/node`, which is given Node's server and requests.
      "node:http",
      "node:stream",
      "zod",
    ]);
    await run("npm", ["run", "typecheck"], dir);
    const database = await createTestDatabase();
    try {
      // The app's own: nothing of ours is in it.
      const client = new pg.Client(database.url);
      await client.connect();
      await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
      await client.end();
      const env = { DATABASE_URL: database.url, PORT: "0", BYTES: join(dir, "bytes") };
      const said = await run("npm", ["test"], dir, env);
      expect(said).toContain("An invoice owned its PDF, and let go of it.");
      // Its column, too, is looked at.
      expect(said).toMatch(/ok {4}migrations\n(.*\n)*ok {4}owner /);
      const console = "@fermata/console";
      if (!manifest.devDependencies[console])
        await expect(run("npx", ["fermata", "console"], dir, env)).rejects.toThrow(
          `npm install --save-dev ${console}`,
        );
      else if (hasBrowser("the console")) await seeConsoleOf(dir, env);
    } finally {
      await database.drop();
    }
  },
  10 * minutes,
);

/** What asks for a package as its README says, in a fresh project. */
const installers = {
  npm: ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"],
  pnpm: ["npx", "-y", "pnpm@12.21.0", "add"],
  yarn: ["npx", "-y", "yarn@1.22.22", "add", "--no-progress", "--silent"],
};
const peers = ["@tanstack/react-query", "@trpc/client", "@trpc/server", "react", "react-dom"];

test.each(Object.entries(installers))(
  "%s installs the packed client into a fresh project, where it loads",
  async (name, [command = "", ...args]) => {
    const dir = join(work, `fresh-${name}`);
    await mkdir(dir);
    await writeFile(join(dir, "package.json"), JSON.stringify({ private: true, type: "module" }));
    await run(command, [...args, tarballs["@fermata/api"] ?? "", ...peers], dir);
    const script = `
      const { createFermata } = await import("@fermata/api");
      const { UploadButton } = await import("@fermata/api/react");
      console.log(typeof createFermata({ url: "http://127.0.0.1:9" }).files.upload, typeof UploadButton);
    `;
    const said = await run(process.execPath, ["--input-type=module", "-e", script], dir);
    expect(said).toContain("function function");
  },
  5 * minutes,
);

test(
  "Vite builds a page with the packed client, and leaves what uploads in parts for later",
  async () => {
    const dir = join(work, "vite-page");
    await cp(join(root, "e2e/fixtures/vite-page"), dir, { recursive: true });
    const install = [...installers.npm.slice(1), tarballs["@fermata/api"] ?? "", ...peers];
    await run(
      "npm",
      [...install, "vite@8", "@types/react@19", "@types/react-dom@19", "typescript@6"],
      dir,
    );
    await run("npx", ["tsc", "-p", "."], dir);
    await run("npx", ["vite", "build"], dir);
    const assets = await readdir(join(dir, "dist/assets"));
    expect(assets.filter((name) => name.endsWith(".css"))).toHaveLength(1);
    expect(assets.some((name) => name.startsWith("upload-in-parts"))).toBe(true);
    const page = await readFile(join(dir, "dist/index.html"), "utf8");
    expect(page.match(/<script[^>]+src=/g)).toHaveLength(1);
  },
  5 * minutes,
);
