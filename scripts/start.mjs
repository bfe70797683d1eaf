// `npm start`: from a fresh clone to a page that answers. `--dev` is the same with hot reload, `--inngest` with its dev server, `--demo` with something to look at.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { openInBrowser, startInngestDev } from "./inngest-dev.mjs";
import { build, install, readDotEnv, requireNode, root } from "./workspace.mjs";

requireNode();
readDotEnv();
const started = Date.now();

await install();
await build();

// A dev server's calls carry no signature, which production refuses: with one, the app runs in development.
const inngest = process.argv.includes("--inngest") ? await startInngestDev() : null;
if (inngest) openInBrowser(inngest.url);
const dev = process.argv.includes("--dev") || inngest !== null;

const web = join(root, "apps/web");
const args = dev
  ? [
      join(web, "node_modules/tsx/dist/cli.mjs"),
      "watch",
      "--clear-screen=false",
      join(web, "serve.ts"),
    ]
  : ["--enable-source-maps", join(web, "dist/serve.js")];
args.push("--mirror", "--docs");
// Pictures, a clip and a sound to look at; the overview takes them away again.
if (process.argv.includes("--demo")) args.push("--demo");
const server = spawn(process.execPath, args, {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
  env: {
    // Uploads wait for the disk on these threads, and Node's four would keep each other waiting.
    UV_THREADPOOL_SIZE: "16",
    ...process.env,
    ...inngest?.env,
    NODE_ENV: dev ? "development" : "production",
    // Hot reload starts the server again and again, each time anew.
    ...(!dev && { FERMATA_STARTED_AT: String(started) }),
    NEXT_TELEMETRY_DISABLED: "1",
  },
});

// The server ends itself, and all that it started, on either signal. A terminal sends Ctrl-C to both of us.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => server.kill(signal));
}
// npm passes a signal to the shell it started us in, and that shell dies of it without telling us.
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    server.kill("SIGTERM");
  }, 250);
}
server.on("exit", (code, signal) => {
  inngest?.stop();
  process.exit(code ?? (signal === "SIGKILL" ? 137 : 1));
});
