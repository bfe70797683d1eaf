import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort } from "@fermata/embedded/testing/free-port";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const published = {
  "@fermata/contract": "contract",
  "@fermata/api": "api",
  "@fermata/server": "server",
  "@fermata/console": "console",
  fermata: "cli",
};

/** Runs a command to its end. @returns what it said */
export async function run(
  command: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const common = {
    // What pnpm sets would let an app find packages that it has not installed.
    NODE_PATH: undefined,
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
}

/** Packs all that is published. @returns what a manifest names each package by */
export async function packAll(work: string): Promise<Record<string, string>> {
  const { packageManager } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const packed = Object.entries(published).map(async ([name, folder]) => {
    const to = join(work, `packed-${folder}`);
    const pack = ["-y", packageManager, "pack", "--pack-destination", to];
    await run("npx", pack, join(root, "packages", folder));
    const [file = "nothing was packed"] = await readdir(to);
    return [name, `file:${join(to, file)}`];
  });
  return Object.fromEntries(await Promise.all(packed));
}

/** An example on the packed packages. @returns its folder */
export async function installExample(
  name: string,
  work: string,
  tarballs: Record<string, string>,
): Promise<string> {
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
  return dir;
}

/** The server of an example that is no Next app, as its README starts it. */
export async function startExample(dir: string, databaseUrl: string) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const env = { DATABASE_URL: databaseUrl, PORT: String(port), BYTES: join(dir, "bytes-of-page") };
  const server = spawn(process.execPath, ["--import", "tsx", "src/server.ts"], {
    cwd: dir,
    env: { ...process.env, NODE_PATH: undefined, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(server, "exit");
  const answers = () =>
    fetch(`${origin}/api/fermata/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(answers, { timeout: 60_000, interval: 200 }).toBe(true);
  return {
    origin,
    async stop() {
      server.kill("SIGTERM");
      await ended;
    },
  };
}

const types: Record<string, string> = { html: "text/html", js: "text/javascript", css: "text/css" };

/** Gives a page what was built of it, on the origin of the app that it calls. */
export function servePage(page: Page, origin: string, dist: string): Promise<unknown> {
  return page.route(
    (url) => url.origin === origin && !url.pathname.startsWith("/api/"),
    async (route) => {
      const { pathname } = new URL(route.request().url());
      const path = join(dist, pathname === "/" ? "index.html" : pathname);
      const body = await readFile(path).catch(() => null);
      if (!body) return route.fulfill({ status: 404 });
      return route.fulfill({ body, contentType: types[extname(path).slice(1)] ?? "text/plain" });
    },
  );
}
