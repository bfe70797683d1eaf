// The Inngest dev server beside the app, for `npm start -- --inngest`. It is a download of its own, so it may fail.
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

const version = "1.45.1";
const dashboard = "http://127.0.0.1:8288";
/** Its first start downloads some 100 MB. */
const patienceMs = 180_000;

/**
 * Starts the dev server, or finds the one that runs already.
 * @returns what the app's environment needs, or null where there is none, after saying why
 */
export async function startInngestDev({
  appUrl,
  url = dashboard,
  command = ["npx", "-y", `inngest-cli@${version}`, "dev", "--no-discovery", "-u"],
  say = (line) => console.log(line),
}) {
  const env = { INNGEST_BASE_URL: url, INNGEST_DEV: "1" };
  if (await answers(url)) {
    say(`  Inngest dev server: the one that runs already, ${url}`);
    return { url, env, stop() {} };
  }

  const [program, ...args] = [...command, `${appUrl}/api/inngest`];
  const isWindows = process.platform === "win32";
  // A group of its own, so that what npx starts ends with it.
  const child = spawn(program, args, {
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
      if (await answers(url)) {
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

async function answers(url) {
  try {
    await fetch(url, { signal: AbortSignal.timeout(1000) });
    return true;
  } catch {
    return false;
  }
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
