import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** 192 bits, in characters that need no escaping in a URL. */
const PASSWORD_BYTES = 24;
const ownerOnly = { mode: 0o600 };

/** Where the password of the superuser of the cluster at `dir` is kept, for the user who starts it alone. */
export function passwordFile(dir: string): string {
  return `${dir}.password`;
}

/** The password of the cluster at `dir`; undefined for a cluster that still trusts this machine, or whose file is lost. */
export function readPassword(dir: string): string | undefined {
  return readFirstLine(passwordFile(dir));
}

export function keepPassword(dir: string, password: string): void {
  // A file that others could read would stay so.
  rmSync(passwordFile(dir), { force: true });
  writeFileSync(passwordFile(dir), `${password}\n`, ownerOnly);
}

/** For a new password: this user's, so that whatever else they start here can reach the cluster, or one for it alone. */
export function choosePassword(): string {
  const file = userFile();
  const known = readFirstLine(file);
  if (known) return known;
  const password = randomBytes(PASSWORD_BYTES).toString("base64url");
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${password}\n`, { ...ownerOnly, flag: "wx" });
  } catch {
    // A user without a home of their own, or another start that was faster.
    return readFirstLine(file) ?? password;
  }
  return password;
}

/**
 * A URL of the superuser of a PostgreSQL on this machine that names no password, with the one that embedded clusters of this
 * user have: URLs of releases whose embedded PostgreSQL asked for none go on working. Where PostgreSQL's own variables or
 * file say a password, they decide.
 */
export function withUserPassword(url: string): string {
  const { PGPASSWORD, PGPASSFILE } = process.env;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const isOurs =
    parsed?.username === "postgres" &&
    parsed.password === "" &&
    ["127.0.0.1", "localhost", "[::1]"].includes(parsed.hostname);
  const isSaid = PGPASSWORD || PGPASSFILE || existsSync(join(homedir(), ".pgpass"));
  const password = isOurs && !isSaid ? readFirstLine(userFile()) : undefined;
  if (!parsed || !password) return url;
  parsed.password = password;
  return parsed.toString();
}

function userFile(): string {
  const state = process.env.XDG_STATE_HOME || join(homedir(), ".local", "state");
  return join(state, "fermata", "postgres.password");
}

function readFirstLine(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").split("\n", 1)[0]?.trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
