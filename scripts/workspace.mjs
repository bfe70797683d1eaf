// What the scripts share: where the repository is, how pnpm is started, and whether anything has to be built.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stateDir = join(root, "node_modules", ".fermata");

export function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Fermata needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(1);
}

/** `.env` at the repository's root, under what the environment says already. */
export function readDotEnv() {
  const path = join(root, ".env");
  if (existsSync(path)) process.loadEnvFile(path);
}

const pnpmVersion = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager;

/** Runs pnpm at the version the repository names, from the npm registry. */
export function pnpm(args, options = {}) {
  return run(
    process.platform === "win32" ? "npx.cmd" : "npx",
    ["-y", pnpmVersion, ...args],
    options,
  );
}

/** What an npx that started us was told to do: one that we start would take it for its own orders. */
const ordersOfNpx = /^npm_config_(call|package|workspaces?|include_workspace_root|yes)$/i;

/** Our environment, for programs that we start. */
export function environment(source = process.env) {
  return Object.fromEntries(Object.entries(source).filter(([name]) => !ordersOfNpx.test(name)));
}

/** Runs a command; its output goes to `logFile` when one is named. Rejects when it fails. */
export function run(command, args, { logFile, env } = {}) {
  const output = logFile ? openSync(logFile, "a") : "inherit";
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", output, output],
      env: { ...environment(), ...env },
      shell: process.platform === "win32",
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(" ")} ended with ${signal ?? code}`));
    });
  });
}

const sources = [
  "apps",
  "packages",
  "prisma",
  "scripts",
  "package.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "turbo.json",
  "tsconfig.base.json",
  "prisma.config.ts",
];
const ignored = new Set([
  "node_modules",
  "dist",
  ".next",
  ".turbo",
  "generated",
  "coverage",
  "next-env.d.ts",
]);

/** Changes when any source file does: names, sizes and times, so that a look takes milliseconds. */
function fingerprint(paths) {
  const hash = createHash("sha256").update(process.version);
  const visit = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return;
    if (!stat.isDirectory()) {
      hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
      return;
    }
    for (const name of readdirSync(path).sort()) {
      if (!ignored.has(name)) visit(join(path, name));
    }
  };
  for (const path of paths) visit(join(root, path));
  return hash.digest("hex");
}

function stampIs(name, value) {
  try {
    return readFileSync(join(stateDir, name), "utf8") === value;
  } catch {
    return false;
  }
}

function writeStamp(name, value) {
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(join(stateDir, name), value);
}

/** Says what takes long and why, one line a step. */
async function step(title, why, work) {
  process.stdout.write(`  ${title} (${why}) `);
  const started = Date.now();
  const dots = setInterval(() => process.stdout.write("."), 3000);
  try {
    await work();
    process.stdout.write(` ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
  } catch (error) {
    process.stdout.write(" failed\n");
    throw error;
  } finally {
    clearInterval(dots);
  }
}

async function logged(name, work) {
  mkdirSync(stateDir, { recursive: true });
  const logFile = join(stateDir, `${name}.log`);
  writeFileSync(logFile, "");
  try {
    await work(logFile);
  } catch (error) {
    const tail = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-40).join("\n");
    console.error(`\n${tail}\n\n${error.message}. The whole log: ${logFile}`);
    process.exit(1);
  }
}

const manifests = () => {
  const packages = ["apps", "packages"].flatMap((dir) =>
    readdirSync(join(root, dir)).map((name) => join(dir, name, "package.json")),
  );
  return [
    ...packages,
    "e2e/package.json",
    "bench/package.json",
    "package.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
  ];
};

/**
 * Installs from the frozen lock file, if it or a manifest changed since the last time.
 * @param {{ all?: boolean }} scope what a server needs, or every package
 */
export async function install({ all = false } = {}) {
  const now = fingerprint(manifests());
  const stamps = all ? ["installed-all"] : ["installed-server", "installed-all"];
  const installed = existsSync(join(root, "node_modules", ".modules.yaml"));
  if (installed && stamps.some((stamp) => stampIs(stamp, now))) return;
  if (!all) {
    process.stdout.write(
      "\n  Fermata: private files, heavy media, jobs and rooms for React apps.\n",
    );
    process.stdout.write("  Its first start takes about a minute, the next ones seconds.\n\n");
  }
  // The documentation's own packages come when somebody looks at it.
  const filter = all ? [] : ["--filter=!@fermata/docs"];
  await step("Installing packages", "once, from the npm registry", () =>
    logged("install", (logFile) => pnpm(["install", "--frozen-lockfile", ...filter], { logFile })),
  );
  writeStamp(stamps[0], now);
}

/**
 * Builds what changed since the last time.
 * @param {{ all?: boolean }} scope the server and what it stands on, or every package
 */
export async function build({ all = false } = {}) {
  const now = fingerprint(sources);
  const stamps = all ? ["built-all"] : ["built-server", "built-all"];
  const built = existsSync(join(root, "apps/web/dist/serve.js"));
  if (built && stamps.some((stamp) => stampIs(stamp, now))) return;
  const filter = all ? [] : ["--filter=@fermata/web..."];
  await step("Building", "what changed since the last time", () =>
    logged("build", (logFile) =>
      pnpm(["exec", "turbo", "run", "build", ...filter], {
        logFile,
        env: { NEXT_TELEMETRY_DISABLED: "1", TURBO_TELEMETRY_DISABLED: "1" },
      }),
    ),
  );
  writeStamp(stamps[0], now);
}

/** Builds the documentation site into apps/docs/out. */
export async function buildDocs() {
  await install({ all: true });
  await step("Building the documentation", "into apps/docs/out", () =>
    logged("docs", (logFile) =>
      pnpm(["--filter", "@fermata/docs", "run", "build:site"], {
        logFile,
        env: { ASTRO_TELEMETRY_DISABLED: "1" },
      }),
    ),
  );
}
