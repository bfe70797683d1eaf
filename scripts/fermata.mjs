// `npm run fermata -- <command>`: works on a running server from the terminal.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build, install, readDotEnv, requireNode, root } from "./workspace.mjs";

requireNode();
readDotEnv();
const cli = join(root, "apps/web/dist/cli.js");
// A server that runs was built; only where nothing is built yet, everything is.
if (!existsSync(cli)) {
  await install();
  await build();
}

spawn(process.execPath, [cli, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, NODE_ENV: "production" },
}).on("exit", (code) => process.exit(code ?? 1));
