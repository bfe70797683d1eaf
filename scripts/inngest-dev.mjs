// The Inngest dev server beside the app, for `npm start -- --inngest`. It is a download of its own, so it may fail.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { environment } from "./workspace.mjs";

const version = "1.45.1";
const dashboard = "http://127.0.0.1:8288";
/** Its first start downloads some 100 MB. */
const patienceMs = 180_000;

/**
 * Starts the dev server, or finds the one that runs already; where something else has its port, on another one. The app
 * makes itself known there once it listens, so it matters neither which of the two came first nor where the app is.
 * @returns what the app's environment needs, or null where there is none, after saying why
 */
export async function startInngestDev({
  url: wanted = dashboard,
  command = ["npx", "-y", `inngest-cli@${version}`, "dev", "--no-discovery", "--port"],
  say = (line) => console.log(line),
}) {
  const envOf = (url) => ({ INNGEST_BASE_URL: url, INNGEST_DEV: "1" });
  const found = await lookAt(wanted);
  if (found === "inngest") {
    say(`  Inngest dev server: the one that runs already, ${wanted}`);
    return { url: wanted, env: envOf(wanted), stop() {} };
  }
  const url = found === "other" ? await freeUrl() : wanted;
  if (url !== wanted) say(`  Something else answers at ${wanted}: the dev server goes to ${url}`);
  const env = envOf(url);

  const [program, ...args] = [...command, new URL(url).port];
  const isWindows = process.platform === "win32";
  // A group of its own, so that what npx starts ends with it.
  const child = spawn(program, args, {
    env: environment(),
    stdio: ["ignore", "ignore", "pipe"],
    detached: !isWindows,
    shell: isWindows,
  });
  let ended = false;
  let complaint = "";
  child.stderr.on("data", (data) => {
    complaint = `${complaint}${data}`.slice(-2000);
  });
  child.on("error", (error) => {
    complaint = error.message;
    ended = true;
  });
  child.on("exit", () => {
    ended = true;
  });
  const stop = () => {
    if (ended || child.pid === undefined) return;
    if (isWindows) child.kill();
    else process.kill(-child.pid, "SIGTERM");
  };

  // Its group gets no Ctrl-C from the terminal.
  const giveUp = () => {
    stop();
    process.exit(130);
  };
  process.on("SIGINT", giveUp).on("SIGTERM", giveUp);
  try {
    say("  Starting the Inngest dev server (its first start downloads it)");
    const until = Date.now() + patienceMs;
    while (!ended && Date.now() < until) {
      if ((await lookAt(url)) === "inngest") {
        say(`  Inngest dev server: ${url}`);
        return { url, env, stop };
      }
      await sleep(300);
    }
  } finally {
    process.off("SIGINT", giveUp).off("SIGTERM", giveUp);
  }
  stop();
  const complaints = complaint.split("\n").filter((line) => line && !line.startsWith("npm warn"));
  const reason = complaints.at(-1) ?? (ended ? "it ended at once" : "it did not answer in time");
  say(`  The Inngest dev server cannot be had here: ${reason}`);
  say("  The embedded cron runner does its work instead.");
  return null;
}

/** As the SDK looks for it: a dev server says at /dev what it is. */
async function lookAt(url) {
  try {
    const answer = await fetch(new URL("/dev", url), { signal: AbortSignal.timeout(1000) });
    await answer.arrayBuffer();
    const isPage = answer.headers.get("content-type")?.startsWith("text/html");
    return answer.ok && !isPage ? "inngest" : "other";
  } catch {
    return "nothing";
  }
}

async function freeUrl() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

/** Opens a page in the user's browser, where there is a terminal with a user before it. */
export function openInBrowser(url) {
  if (!process.stdout.isTTY || process.env.CI) return;
  const openers = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] };
  const [program, ...args] = openers[process.platform] ?? ["xdg-open"];
  spawn(program, [...args, url], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
