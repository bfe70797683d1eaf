import { randomUUID } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { PostgresBinaries } from "./binaries";
import { EmbeddedPostgresError } from "./embedded-postgres-error";
import type { ClusterLocation } from "./locate-cluster";
import { choosePassword, keepPassword, readPassword } from "./password";
import { run, type UnixUser } from "./run-as";

/** The database's own rules for text, the same on every system, so that an index built on one fits another. */
const BUILTIN_LOCALE = ["--locale-provider=builtin", "--locale=C.UTF-8"];
/** For systems whose C library has no C.UTF-8: the same rules within the database. */
const BUILTIN_LOCALE_ONLY = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"];

/**
 * Makes the cluster unless it is there. It is made aside and renamed: a crash half way leaves nothing that
 * looks like a cluster. Call it under the cluster's lock.
 * @throws EmbeddedPostgresError DATA_DIR_UNUSABLE, INIT_FAILED
 */
export async function initCluster(
  { dir, user }: ClusterLocation,
  binaries: PostgresBinaries,
): Promise<void> {
  removeLeftovers(dir);
  if (isCluster(dir, binaries.majorVersion)) {
    mend(dir, user);
    return;
  }

  const aside = `${asidePrefix(dir)}${randomUUID()}`;
  const secret = `${aside}.password`;
  try {
    mkdirSync(aside, { mode: 0o700 });
    if (user) chownSync(aside, user.uid, user.gid);
    const password = readPassword(dir) ?? choosePassword();
    writeFileSync(secret, `${password}\n`, { mode: 0o600 });
    if (user) chownSync(secret, user.uid, user.gid);
    const base = ["-D", aside, "-U", "postgres", "-E", "UTF8", "-N"];
    base.push("-A", "scram-sha-256", `--pwfile=${secret}`);
    let result = await run(binaries.initdb, [...base, ...BUILTIN_LOCALE], { user });
    if (result.status !== 0 && result.output.includes("locale")) {
      result = await run(binaries.initdb, [...base, ...BUILTIN_LOCALE_ONLY], { user });
    }
    if (result.status !== 0) {
      throw new EmbeddedPostgresError(
        "INIT_FAILED",
        `PostgreSQL could not make a cluster at ${dir}. If that cannot be helped, set DATABASE_URL.\n${result.output}`,
      );
    }
    keepPassword(dir, password);
    // Windows does not rename onto a directory, not even an empty one.
    if (existsSync(dir)) rmdirSync(dir);
    renameSync(aside, dir);
  } finally {
    rmSync(secret, { force: true });
    rmSync(aside, { recursive: true, force: true });
  }
}

function asidePrefix(dir: string): string {
  return `${dir}.initializing-`;
}

function removeLeftovers(dir: string): void {
  const prefix = basename(asidePrefix(dir));
  for (const name of readdirSync(dirname(dir))) {
    if (!name.startsWith(prefix)) continue;
    try {
      rmSync(join(dirname(dir), name), { recursive: true, force: true });
    } catch {
      // The initdb of a killed process may still be writing there; the next start removes it.
    }
  }
}

/** Of what a cluster always has, those that may be empty: copies by file, as git and object stores make them, lack them. */
const MAYBE_EMPTY_DIRS = [
  ...["pg_commit_ts", "pg_dynshmem", "pg_notify", "pg_replslot", "pg_serial", "pg_snapshots"],
  ...["pg_stat", "pg_stat_tmp", "pg_tblspc", "pg_twophase", "pg_logical/mappings"],
  "pg_logical/snapshots",
];

/** A cluster that was copied here, say from a backup, may belong to root, be open to everybody, or lack what was empty. */
function mend(dir: string, user: UnixUser | undefined): void {
  for (const path of MAYBE_EMPTY_DIRS) {
    mkdirSync(join(dir, path), { recursive: true, mode: 0o700 });
  }
  const isRight = (path: string) => {
    const { uid, mode } = lstatSync(path);
    return (!user || uid === user.uid) && (mode & 0o027) === 0;
  };
  if (isRight(dir) && readdirSync(dir).every((name) => isRight(join(dir, name)))) return;
  for (const path of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
    setRights(join(dir, path), user);
  }
  // Last: what was cut off is then done again.
  setRights(dir, user);
}

function setRights(path: string, user: UnixUser | undefined): void {
  const stats = lstatSync(path);
  if (user) lchownSync(path, user.uid, user.gid);
  if (!stats.isSymbolicLink()) chmodSync(path, stats.isDirectory() ? 0o700 : 0o600);
}

function isCluster(dir: string, majorVersion: string): boolean {
  const unusable = (message: string, cause?: unknown) =>
    new EmbeddedPostgresError("DATA_DIR_UNUSABLE", message, { cause });
  let files: string[];
  try {
    files = readdirSync(dir);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw unusable(`${dir} cannot be read; was it made by another user? (${String(cause)})`, cause);
  }
  if (files.length === 0) return false;
  if (!files.includes("PG_VERSION")) {
    throw unusable(
      `${dir} is neither empty nor a PostgreSQL cluster (PG_VERSION is missing). Restore it from a backup if it held your database; else move it away.`,
    );
  }
  const version = readFileSync(join(dir, "PG_VERSION"), "utf8").trim();
  if (version === majorVersion) return true;
  throw unusable(
    `${dir} was made by PostgreSQL ${version}, this is ${majorVersion}. Dump it with the old version, or move it away.`,
  );
}
