import { randomUUID } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { EmbeddedPostgresError } from "./embedded-postgres-error";
import { blockingAncestors, run, type UnixUser } from "./run-as";

export interface PostgresBinaries {
  postgres: string;
  initdb: string;
  pgCtl: string;
  /** "18", as `PG_VERSION` in a cluster has it. */
  majorVersion: string;
}

const PLATFORMS = new Set([
  "darwin-arm64",
  "darwin-x64",
  "linux-arm64",
  "linux-x64",
  "windows-x64",
]);

/**
 * Finds the PostgreSQL programs of this platform's npm package and makes them runnable for `user`:
 * in place where possible, else from a copy that other starts use again.
 * @throws EmbeddedPostgresError UNSUPPORTED_PLATFORM, BINARIES_UNUSABLE
 */
export async function findBinaries(
  user: UnixUser | undefined,
  packageDir = findPackage(),
  sharedRoot = "/var/lib",
): Promise<PostgresBinaries> {
  const isUsableInPlace = isReachable(packageDir, user) && repair(packageDir);
  const dir = isUsableInPlace ? packageDir : share(packageDir, sharedRoot);
  const suffix = process.platform === "win32" ? ".exe" : "";
  const program = (name: string) => join(dir, "native", "bin", `${name}${suffix}`);
  const postgres = program("postgres");
  return {
    postgres,
    initdb: program("initdb"),
    pgCtl: program("pg_ctl"),
    majorVersion: await readMajorVersion(postgres, user),
  };
}

function findPackage(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const platform = `${system}-${process.arch}`;
  const advice = "Set DATABASE_URL to a PostgreSQL server of your own.";
  if (!PLATFORMS.has(platform)) {
    throw new EmbeddedPostgresError(
      "UNSUPPORTED_PLATFORM",
      `There is no embedded PostgreSQL for ${platform}. ${advice}`,
    );
  }
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    return resolve(dirname(entry), "..");
  } catch (cause) {
    throw new EmbeddedPostgresError(
      "BINARIES_UNUSABLE",
      `The optional package @embedded-postgres/${platform} is not installed. Install again without leaving out optional dependencies, or: ${advice}`,
      { cause },
    );
  }
}

function isReachable(dir: string, user: UnixUser | undefined): boolean {
  return !user || blockingAncestors(join(dir, "native", "bin", "postgres"), user).length === 0;
}

/** Does what the package's install script would have done; false if this directory cannot be changed. */
function repair(dir: string): boolean {
  if (process.platform === "win32") return true;
  try {
    for (const { source, target } of readLinks(dir)) {
      const link = join(dir, target);
      if (lstatSync(link, { throwIfNoEntry: false })) continue;
      try {
        symlinkSync(relative(dirname(link), join(dir, source)), link);
      } catch (error) {
        // Another process that starts at the same time was faster.
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
    for (const name of ["postgres", "initdb", "pg_ctl"]) {
      const program = join(dir, "native", "bin", name);
      if ((lstatSync(program).mode & 0o555) !== 0o555) chmodSync(program, 0o755);
    }
    return true;
  } catch {
    return false;
  }
}

function readLinks(dir: string): { source: string; target: string }[] {
  try {
    return JSON.parse(readFileSync(join(dir, "native", "pg-symlinks.json"), "utf8"));
  } catch {
    return [];
  }
}

/** A complete copy that everybody can enter; made aside and renamed, so that nobody ever sees half of it. */
function share(packageDir: string, sharedRoot: string): string {
  const uid = process.getuid?.() ?? 0;
  const { version } = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8"));
  const shared = join(sharedRoot, `fermata-postgres-${version}${uid === 0 ? "" : `-${uid}`}`);
  assertOurs(shared, uid);
  if (isComplete(packageDir, shared)) return shared;

  const aside = `${shared}.${randomUUID()}`;
  try {
    mkdirSync(aside, { mode: 0o755 });
    cpSync(join(packageDir, "native"), join(aside, "native"), {
      recursive: true,
      verbatimSymlinks: true,
    });
    openToAll(aside);
    if (!repair(aside)) throw new Error("the copy could not be completed");
    if (lstatSync(shared, { throwIfNoEntry: false })) renameSync(shared, `${aside}.old`);
    renameSync(aside, shared);
  } catch (cause) {
    // A parallel start may have put a good copy there between the look and the rename.
    if (!isComplete(packageDir, shared)) {
      throw new EmbeddedPostgresError(
        "BINARIES_UNUSABLE",
        `PostgreSQL's programs could not be copied to ${shared}: ${String(cause)}`,
        { cause },
      );
    }
  } finally {
    rmSync(aside, { recursive: true, force: true });
    rmSync(`${aside}.old`, { recursive: true, force: true });
  }
  return shared;
}

/** Everybody may write to such a place: programs that somebody else put there are not run. */
function assertOurs(dir: string, uid: number): void {
  const stats = lstatSync(dir, { throwIfNoEntry: false });
  if (!stats) return;
  if (stats.isDirectory() && stats.uid === uid && (stats.mode & 0o022) === 0) return;
  throw new EmbeddedPostgresError(
    "BINARIES_UNUSABLE",
    `${dir} belongs to somebody else or others may write to it. Remove it, or set DATABASE_URL.`,
  );
}

function isComplete(packageDir: string, copy: string): boolean {
  const from = join(packageDir, "native");
  const to = join(copy, "native");
  const links = readLinks(packageDir).every(({ target }) =>
    lstatSync(join(copy, target), { throwIfNoEntry: false }),
  );
  return (
    links &&
    listFiles(from).every((file) => {
      const original = lstatSync(join(from, file));
      const copied = lstatSync(join(to, file), { throwIfNoEntry: false });
      return copied !== undefined && (!original.isFile() || copied.size === original.size);
    })
  );
}

function listFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" });
}

/** The umask of whoever runs this must not decide whether PostgreSQL can read its own files. */
function openToAll(dir: string): void {
  for (const path of [dir, ...listFiles(dir).map((file) => join(dir, file))]) {
    const stats = lstatSync(path);
    if (stats.isDirectory()) chmodSync(path, 0o755);
    else if (stats.isFile()) chmodSync(path, (stats.mode | 0o444) & 0o755);
  }
}

async function readMajorVersion(postgres: string, user: UnixUser | undefined): Promise<string> {
  const advice = "Set DATABASE_URL to a PostgreSQL server of your own.";
  try {
    if (process.platform !== "win32") accessSync(postgres, constants.X_OK);
    const { output } = await run(postgres, ["--version"], { user });
    const major = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
    if (major) return major;
    throw new Error(output);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      "BINARIES_UNUSABLE",
      `The embedded PostgreSQL does not run on this system (${String(cause)}). ${advice}`,
      { cause },
    );
  }
}
