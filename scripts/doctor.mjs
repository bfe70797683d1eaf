// `npm run doctor`: looks at everything that is configured, one line each: ok, or what to do.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build, install, readDotEnv, requireNode, root } from "./workspace.mjs";

requireNode();
readDotEnv();
await install();
await build();

spawn(process.execPath, [join(root, "apps/web/dist/doctor.js")], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, NODE_ENV: "production" },
}).on("exit", (code) => process.exit(code ?? 1));
