// Checks what users would install: packs this package and the contract, lints both, and compiles and runs a small project
// against this one's packed files alone. Needs a build beforehand, and no network.
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { callsOf, hooksOf } from "./type-cost.mjs";

const packageDir = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const rootDir = resolve(packageDir, "../..");
const packed = [join(rootDir, "packages/contract"), packageDir];
/** Of this package, which declares for apps: the repository's own types are checked by a newer one. */
const tsc = join(packageDir, "node_modules/.bin/tsc");
const workDir = mkdtempSync(join(tmpdir(), "fermata-pack-"));
try {
  for (const source of packed) {
    const tarballDir = mkdtempSync(join(workDir, "tarball-"));
    run("npx", ["-y", "pnpm@12.21.0", "pack", "--pack-destination", tarballDir], source);
    // As from a shell: npm takes its name from what the command around it left in the environment.
    const { npm_config_user_agent: _, ...env } = process.env;
    const refusal = spawnSync("npm", ["pack", "--dry-run"], { cwd: source, encoding: "utf8", env });
    if (refusal.status === 0 || !refusal.stderr.includes("is packed by pnpm alone")) {
      throw new Error(`npm packs ${source}, which would not work: ${refusal.stderr}`);
    }
    const [name] = readdirSync(tarballDir);
    const tarball = join(tarballDir, name);
    console.log(`\n${name}`);
    run(tool("publint"), ["run", tarball, "--strict"]);
    // What is no script has no types.
    const plain = ["--exclude-entrypoints", "styles.css", "registry/*"];
    run(tool("attw"), [tarball, "--profile", "esm-only", "--no-emoji", ...plain]);
    if (source === packageDir) install(tarball, source);
  }
  linkDependencies(packageDir);
  cpSync(join(packageDir, "test/consumer"), workDir, { recursive: true });
  writeRegistry();
  writeReadme();
  run(tsc, ["-p", "."], workDir);
  run(tsc, ["-p", "components"], workDir);
  checkDeclarations();
  checkTypeCost("sixty calls", callsOf(60), 10_500);
  checkTypeCost("sixty hooks", hooksOf(60), 30_000);
  run(process.execPath, ["run.js"], workDir);
  console.log("\nThe packed files compile and run in a project of their own.");
} finally {
  rmSync(workDir, { recursive: true, force: true });
}

function install(tarball, source) {
  const target = join(workDir, "node_modules/@fermata", source.split("/").at(-1));
  mkdirSync(target, { recursive: true });
  run("tar", ["-xzf", tarball, "--strip-components=1", "-C", target]);
  // It stands alone: what a leftover import names is not there, and would turn types into `any`.
  const scripts = readdirSync(join(target, "dist")).filter((file) => /\.(js|ts)$/.test(file));
  for (const file of scripts) {
    const text = readFileSync(join(target, "dist", file), "utf8");
    if (/from "(@fermata\/|zod)/.test(text)) throw new Error(`${file} needs another package`);
  }
}

/** What somebody pastes first has to compile as it stands. */
function writeReadme() {
  const readme = readFileSync(join(workDir, "node_modules/@fermata/api/README.md"), "utf8");
  writeFileSync(join(workDir, "readme.ts"), /```ts\n([\s\S]*?)```/.exec(readme)[1]);
}

/** What tRPC's own declarations lack here is theirs; ours have to be whole for whoever sets `skipLibCheck: false`. */
function checkDeclarations() {
  const args = ["-p", ".", "--skipLibCheck", "false"];
  const { stdout } = spawnSync(tsc, args, { cwd: workDir, encoding: "utf8" });
  const ours = stdout.split("\n").filter((line) => line.includes("@fermata/api/"));
  if (ours.length > 0) throw new Error(`Declarations that do not compile:\n${ours.join("\n")}`);
}

/** What the compiler of an app pays for them, whatever the machine. */
function checkTypeCost(what, code, budget) {
  const dir = mkdtempSync(join(workDir, "cost-"));
  const config = { extends: "../tsconfig.json", include: ["cost.tsx"] };
  writeFileSync(join(dir, "cost.tsx"), code);
  writeFileSync(join(dir, "tsconfig.json"), JSON.stringify(config));
  const { status, stdout } = spawnSync(tsc, ["-p", ".", "--extendedDiagnostics"], {
    cwd: dir,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stdout);
  const instantiations = Number(/Instantiations: +(\d+)/.exec(stdout)[1]);
  console.log(`${what}: ${instantiations} of ${budget} instantiations`);
  if (instantiations > budget) throw new Error(`The types of ${what} cost too much.`);
}

/** As shadcn puts the registry's components into an app. */
function writeRegistry() {
  const dist = join(workDir, "node_modules/@fermata/api/dist");
  const { items } = JSON.parse(readFileSync(join(dist, "registry/registry.json"), "utf8"));
  for (const { name } of items) {
    const { files } = JSON.parse(readFileSync(join(dist, `registry/${name}.json`), "utf8"));
    for (const { target, content } of files) {
      mkdirSync(dirname(join(workDir, target)), { recursive: true });
      writeFileSync(join(workDir, target), content);
    }
  }
  if (!existsSync(join(dist, "styles.css"))) throw new Error("The stylesheet is not packed.");
}

/** Puts next to a package what a user's package manager would, from where it is installed here. */
function linkDependencies(source) {
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(source, "package.json"), "utf8"),
  );
  const names = Object.keys({ ...dependencies, ...peerDependencies });
  // What tRPC's and React's own declarations want.
  names.push("@types/react", "@types/node");
  for (const name of names) {
    const link = join(workDir, "node_modules", name);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    const from = [source, rootDir].find((dir) => existsSync(join(dir, "node_modules", name)));
    symlinkSync(realpathSync(join(from, "node_modules", name)), link);
  }
}

function tool(name) {
  return join(rootDir, "node_modules/.bin", name);
}

function run(command, args, cwd = workDir) {
  execFileSync(command, args, { cwd, stdio: "inherit" });
}
