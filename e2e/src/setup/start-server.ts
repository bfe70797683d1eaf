import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTestDatabase } from "@fermata/embedded/testing";
import { freePort } from "@fermata/embedded/testing/free-port";
import type { Target } from "./targets";

const webDir = join(dirname(fileURLToPath(import.meta.url)), "../../../apps/web");

const settings = {
  FERMATA_ADMIN_EMAIL: "maja@example.com",
  FERMATA_ADMIN_PASSWORD: "a sentence that nobody guesses",
  FERMATA_ALLOWED_ORIGINS: "https://mirror.example.com",
  LOG_LEVEL: "warn",
};

export interface RunningServer {
  target: Target;
  process: ChildProcess;
  /** What it has printed. */
  output(): string;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>;
}

/**
 * The server that `npm start` starts, on data of its own. It may take another port than the one asked for.
 * @param within a command that runs it, where it is not to be run as it is
 * @param flags what `npm start` would be given
 */
export async function startSelfHosted(
  dataDir: string,
  port?: number,
  env: Record<string, string> = {},
  within: string[] = [],
  flags: string[] = [],
): Promise<RunningServer> {
  const args = [join(webDir, "dist/serve.js"), "--mirror", ...flags];
  const all = { ...env, FERMATA_DATA: dataDir };
  return start("self-hosted", args, port ?? (await freePort()), all, within);
}

/** The environment of a server whose machine has a clock that is ahead by so much. */
export function withClockAhead(ms: number): Record<string, string> {
  const module = new URL(`./clock-ahead.mjs?ms=${ms}`, import.meta.url).href;
  return { NODE_OPTIONS: `--import=${module}` };
}

/** The built pages and routes under Next's own server, as a platform would run them. */
export async function startNextHosting(
  dataDir: string,
  env: Record<string, string> = {},
): Promise<RunningServer> {
  const database = await createTestDatabase();
  const port = await freePort();
  const next = join(webDir, "node_modules/next/dist/bin/next");
  const args = [next, "start", webDir, "-p", String(port), "-H", "127.0.0.1"];
  const server = await start("next", args, port, {
    FERMATA_DATA: dataDir,
    FERMATA_SECRET: "the secret of a server that lives for one test run",
    NEXTAUTH_SECRET: "the secret of a server that lives for one test run",
    DATABASE_URL: database.url,
    ...env,
  });
  const stop = async () => {
    await server.stop();
    await database.drop();
  };
  return { ...server, stop };
}

async function start(
  name: "self-hosted" | "next",
  args: string[],
  port: number,
  env: Record<string, string>,
  within: string[] = [],
): Promise<RunningServer> {
  const { BASE_URL, DATABASE_URL, ...inherited } = process.env;
  const [command = process.execPath, ...first] = [...within, process.execPath];
  const child = spawn(command, [...first, ...args], {
    env: {
      ...inherited,
      ...settings,
      ...env,
      NODE_ENV: "production",
      PORT: String(port),
      HOST: "127.0.0.1",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output = `${output}${chunk}`.slice(-20_000);
    });
  }
  const baseUrl = await untilHealthy(child, () => output);
  return {
    process: child,
    output: () => output,
    target: {
      name,
      baseUrl,
      adminEmail: settings.FERMATA_ADMIN_EMAIL,
      adminPassword: settings.FERMATA_ADMIN_PASSWORD,
      allowedOrigin: settings.FERMATA_ALLOWED_ORIGINS,
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

/** The address that it printed, once it answers there. */
async function untilHealthy(child: ChildProcess, output: () => string): Promise<string> {
  const deadline = Date.now() + 90_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended at its start:\n${output()}`);
    const [baseUrl] = /http:\/\/127\.0\.0\.1:\d+/.exec(output()) ?? [];
    if (baseUrl && (await isHealthy(baseUrl))) return baseUrl;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the server did not answer in time:\n${output()}`);
}

async function isHealthy(baseUrl: string): Promise<boolean> {
  const answer = await fetch(`${baseUrl}/api/health`).catch(() => null);
  return answer?.ok ?? false;
}
