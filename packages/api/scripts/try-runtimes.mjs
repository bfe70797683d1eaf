// Runs what is packed in each runtime that npm has, as somebody installs it: `pnpm --filter @fermata/api run try:runtimes`. Needs a
// build beforehand, and a registry: it is tried by hand, before a release.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const packageDir = join(import.meta.dirname, "..");
const workDir = mkdtempSync(join(tmpdir(), "fermata-runtimes-"));
const beside = ["@trpc/client", "@trpc/server", "react@18", "@tanstack/react-query"];
const runtimes = {
  "this Node": [process.execPath],
  "Node 22": ["npx", "-y", "node@22"],
  "Node 24": ["npx", "-y", "node@24"],
  Bun: ["npx", "-y", "bun@1"],
  Deno: ["npx", "-y", "deno@2", "run", "-A"],
};
try {
  const manifest = readFileSync(join(packageDir, "../../package.json"), "utf8");
  const { packageManager } = JSON.parse(manifest);
  run("npx", ["-y", packageManager, "pack", "--pack-destination", workDir], packageDir);
  const tarball = readdirSync(workDir).find((file) => file.endsWith(".tgz"));
  writeFileSync(join(workDir, "package.json"), '{ "private": true, "type": "module" }');
  run("npm", ["install", "--no-audit", "--no-fund", `./${tarball}`, ...beside]);
  cpSync(join(packageDir, "test/consumer/run.js"), join(workDir, "run.js"));
  for (const [name, [command, ...args]] of Object.entries(runtimes)) {
    run(command, [...args, "run.js"]);
    const version = name === "Deno" ? args.slice(0, -2) : args;
    const said = execFileSync(command, [...version, "--version"], { encoding: "utf8" });
    console.log(`ok    ${name}  ${said.split("\n")[0]}`);
  }
} finally {
  rmSync(workDir, { recursive: true, force: true });
}

function run(command, args, cwd = workDir) {
  execFileSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
}
