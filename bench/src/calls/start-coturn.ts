import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@fermata/embedded/testing/free-port";

export interface Relay {
  url: string;
  secret: string;
  /** Credentials as the server makes them, for a client that is given them. */
  credentials(): { username: string; credential: string };
  stop(): Promise<void>;
}

/** A coturn on loopback. */
export async function startCoturn(): Promise<Relay> {
  const dir = await mkdtemp(join(tmpdir(), "fermata-bench-coturn-"));
  const port = await freePort();
  const secret = "the relay's secret, for one benchmark";
  const flags = ["fingerprint", "use-auth-secret", "allow-loopback-peers", "no-tls", "no-dtls"];
  const values = {
    "listening-ip": "127.0.0.1",
    "relay-ip": "127.0.0.1",
    "listening-port": String(port),
    "static-auth-secret": secret,
    realm: "fermata.bench",
    "log-file": "stdout",
    pidfile: join(dir, "pid"),
    userdb: join(dir, "users.sqlite"),
  };
  const args = [
    "-n",
    "--no-cli",
    ...flags.map((flag) => `--${flag}`),
    ...Object.entries(values).map(([name, value]) => `--${name}=${value}`),
  ];
  const child = spawn("turnserver", args, { stdio: "ignore" });
  for (let attempt = 0; !(await answers(port)); attempt++) {
    if (attempt > 100) throw new Error("coturn did not start: apt-get install coturn");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url: `turn:127.0.0.1:${port}?transport=udp`,
    secret,
    credentials() {
      const username = `${Math.floor(Date.now() / 1000) + 3600}:bench`;
      const credential = createHmac("sha1", secret).update(username).digest("base64");
      return { username, credential };
    },
    async stop() {
      child.kill("SIGKILL");
      await once(child, "exit");
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const isOpen = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}
