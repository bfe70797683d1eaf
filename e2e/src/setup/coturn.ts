import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** Whether tests of `what` can use a relay here. @throws Error in CI, where it can be installed */
export function hasCoturn(what: string): boolean {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const isHere = folders.some((folder) => {
    try {
      accessSync(join(folder, "turnserver"), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (isHere) return true;
  const remedy = `${what}: these tests need coturn. Run apt-get install coturn.`;
  if (process.env.CI) throw new Error(remedy);
  process.stderr.write(`\n${remedy}\n\n`);
  return false;
}

/** Whether browsers here use IPv6: they look at networks beyond loopback. */
export function hasIpv6(): boolean {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.some(
    ({ family, internal, address }) =>
      family === "IPv6" && !internal && !address.startsWith("fe80:"),
  );
}

/** A relay on loopback that takes credentials made with one secret. */
export interface Coturn {
  readonly port: number;
  /** @param more settings, beside those of every test */
  start(secret: string, more?: string[]): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

/** With `tlsPort` it listens there too, with a certificate that it signed itself. */
export function createCoturn(port: number, tlsPort?: number): Coturn {
  let child: ChildProcess | null = null;
  let folder: string | null = null;

  const kill = async () => {
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
    child = null;
    if (folder) await rm(folder, { recursive: true, force: true });
    folder = null;
  };

  return {
    port,
    kill,
    async start(secret, more = []) {
      await kill();
      folder = await mkdtemp(join(tmpdir(), "fermata-coturn-"));
      const settings = [
        "listening-ip=127.0.0.1",
        ...(hasIpv6() ? ["listening-ip=::1"] : []),
        "relay-ip=127.0.0.1",
        `listening-port=${port}`,
        "fingerprint",
        "use-auth-secret",
        `static-auth-secret=${secret}`,
        "realm=fermata.test",
        // For tests only: it lets the relay reach services of this machine.
        "allow-loopback-peers",
        ...(tlsPort ? await makeTlsSettings(folder, tlsPort) : ["no-tls"]),
        "no-dtls",
        "no-cli",
        "no-multicast-peers",
        "log-file=stdout",
        `pidfile=${join(folder, "pid")}`,
        `userdb=${join(folder, "users.sqlite")}`,
        ...more,
      ];
      const file = join(folder, "turnserver.conf");
      await writeFile(file, `${settings.join("\n")}\n`);
      child = spawn("turnserver", ["-c", file], { stdio: ["ignore", "pipe", "ignore"] });
      let said = "";
      child.stdout?.on("data", (chunk) => {
        said = `${said}${chunk}`.slice(-4000);
      });
      for (const one of tlsPort ? [port, tlsPort] : [port]) {
        if (!(await isListening(one, child))) {
          throw new Error(`The relay did not start:\n${said}`);
        }
      }
    },
  };
}

async function makeTlsSettings(folder: string, tlsPort: number): Promise<string[]> {
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  const request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  await promisify(execFile)("openssl", [
    ...request.split(" "),
    ...subject,
    "-keyout",
    key,
    "-out",
    certificate,
  ]);
  return [`tls-listening-port=${tlsPort}`, `cert=${certificate}`, `pkey=${key}`];
}

/** Whether it comes to listen there, on a busy machine, too. */
async function isListening(port: number, child: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("close", () => socket.destroy());
      socket.once("connect", () => socket.destroy());
    });
    if (isOpen) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
