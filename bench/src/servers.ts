import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { freePort } from "@fermata/embedded/testing/free-port";

export interface BenchServer {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** Starts a server as a process of its own and waits until it is healthy. */
export async function startServer(
  args: string[],
  env: Record<string, string>,
): Promise<BenchServer> {
  const port = await freePort();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env, NODE_ENV: "production", PORT: String(port), LOG_LEVEL: "warn" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(url, child);
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null) throw new Error("the server ended at its start");
    const answer = await fetch(`${url}/api/health`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the server did not answer within a minute");
}
