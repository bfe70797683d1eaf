import { chownSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, escapeLiteral } from "pg";
import { isInUse } from "./is-in-use";
import type { ClusterLocation } from "./locate-cluster";
import { choosePassword, keepPassword, readPassword } from "./password";
import { postgresUrl } from "./postgres-url";

type Method = "scram-sha-256" | "trust";

/**
 * Who may connect to the cluster, and how: over this machine's own address, with the password. A file that somebody
 * changed is left, unless it trusts whoever asks.
 */
function rules(method: Method): string {
  return `# Written by Fermata. What is changed here is kept, but for the method "trust".
host all all 127.0.0.1/32 ${method}
`;
}

/** Before a start: a cluster whose password is lost is opened, to be given another one as soon as it answers. */
export function openWithoutPassword(location: ClusterLocation): void {
  if (readPassword(location.dir) === undefined) writeRules(location, "trust");
}

/**
 * Gives a cluster that asks for no password one: those of earlier releases, and those whose password was lost. One that
 * others are connected to is left as it is: they may be of such a release, and its next start comes.
 */
export async function requirePassword(location: ClusterLocation, port: number): Promise<void> {
  const { dir } = location;
  if (!trustsAnybody(dir)) return;
  const url = postgresUrl(port, "postgres");
  if (await isInUse(url)) return;
  const password = readPassword(dir) ?? choosePassword();
  const client = new Client({ connectionString: url });
  // A server that goes away now would otherwise end this process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("SET password_encryption = 'scram-sha-256'");
    await client.query(`ALTER ROLE postgres PASSWORD ${escapeLiteral(password)}`);
    keepPassword(dir, password);
    writeRules(location, "scram-sha-256");
    await client.query("SELECT pg_reload_conf()");
  } finally {
    await client.end();
  }
}

export function trustsAnybody(dir: string): boolean {
  const lines = readFileSync(join(dir, "pg_hba.conf"), "utf8").split("\n");
  return lines.some((line) => /^\s*[^#]*\strust\s*(#.*)?$/.test(line));
}

function writeRules({ dir, user }: ClusterLocation, method: Method): void {
  const file = join(dir, "pg_hba.conf");
  const draft = `${file}.draft`;
  writeFileSync(draft, rules(method), { mode: 0o600 });
  if (user) chownSync(draft, user.uid, user.gid);
  renameSync(draft, file);
}
