import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@fermata/embedded/testing/free-port";

/** A coturn of its own on loopback, with time-limited credentials. */
export async function startTurnserver(options: { program: string; secret: string }) {
  const directory = await mkdtemp(join(tmpdir(), "fermata-turn-"));
  const port = await freePort();
  const settings = {
    "listening-ip": "127.0.0.1",
    "relay-ip": "127.0.0.1",
    "listening-port": port,
    "min-port": 49_400,
    "max-port": 49_500,
    "static-auth-secret": options.secret,
    realm: "fermata.test",
    "log-file": "stdout",
    pidfile: join(directory, "pid"),
    userdb: join(directory, "users"),
  };
  const flags = "use-auth-secret fingerprint allow-loopback-peers no-tls no-dtls no-cli".split(" ");
  const child = spawn(
    options.program,
    [
      "-n",
      ...flags.map((flag) => `--${flag}`),
      ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
    ],
    { cwd: directory, stdio: "ignore" },
  );
  return {
    port,
    async stop() {
      const ended = once(child, "exit");
      child.kill();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Whether a client with these credentials can send data through the relay and get it back. */
export function canRelay(
  program: string,
  relay: { port: number; username: string; credential: string },
): Promise<boolean> {
  const { port, username, credential } = relay;
  const args = ["-y", "-n", "1", "-m", "1", "-l", "100", "-p", `${port}`];
  return new Promise((resolve) => {
    execFile(
      program,
      [...args, "-u", username, "-w", credential, "127.0.0.1"],
      { timeout: 20_000 },
      (error, stdout) => resolve(error === null && /lost packets 0 /.test(stdout)),
    );
  });
}
