import { randomUUID } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { readRecord, writeRecord } from "./cluster-record";
import { EmbeddedPostgresError } from "./embedded-postgres-error";
import { withFileLock } from "./file-lock";
import { blockingAncestors, chooseUser, isRoot, type UnixUser } from "./run-as";

export interface ClusterLocation {
  /** The cluster itself; `<dir>.lock`, `<dir>.port` and `<dir>.log` stand beside it. */
  dir: string;
  user: UnixUser | undefined;
  /** The folder that was asked for, which holds everything else. */
  dataRoot: string;
  /** The closed directories that keep PostgreSQL's user out of the cluster at `dir`. */
  closedDirs: string[];
}

const SHARED_DIR = "/var/lib";

/**
 * Decides where the cluster asked for at `dataDir` lives. That is `dataDir`, unless we are root and the
 * unprivileged user that PostgreSQL then runs as cannot get there: the data root (its parent) is opened for
 * passing through; behind a closed directory further up, the cluster lives under /var/lib, named by a random id
 * kept in the data root, so that a new data root never meets an old database. Once it lives there, it stays there,
 * wherever the data root is moved.
 */
export async function locateCluster(dataDir: string): Promise<ClusterLocation> {
  const dataRoot = makeDataRoot(dirname(resolve(dataDir)));
  const dir = join(dataRoot, basename(dataDir));
  const at = (place: string): ClusterLocation => ({
    dir: place,
    user: chooseUser(place),
    dataRoot,
    closedDirs: [],
  });
  const user = chooseUser(dir);
  const blocked = user ? blockingAncestors(dir, user) : [];
  const closedDirs = blocked.filter((ancestor) => ancestor !== dataRoot);

  const isHere = holdsCluster(dir);
  const elsewhere = findElsewhere(dataRoot, dir);
  if (elsewhere && holdsCluster(elsewhere) && (!isHere || closedDirs.length > 0))
    return at(elsewhere);
  if (closedDirs.length > 0) {
    return isHere ? { ...at(dir), closedDirs } : at(await makeRoomElsewhere(dataRoot, dir));
  }
  // Its absence there is what has to be told.
  if (elsewhere && !isHere && readRecord(dataRoot, basename(dir))?.systemIdentifier !== null)
    return at(elsewhere);
  if (blocked.length > 0) chmodSync(dataRoot, (statSync(dataRoot).mode & 0o7777) | 0o011);
  return at(dir);
}

/** Whether something at `dir` is, or may be, a cluster: one that we may not look into counts. */
export function holdsCluster(dir: string): boolean {
  try {
    lstatSync(join(dir, "PG_VERSION"));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES";
  }
}

/** The file whose presence says that the cluster of this data root was given a place elsewhere. */
export function instanceIdFile(dataRoot: string): string {
  return join(dataRoot, "instance-id");
}

function findElsewhere(dataRoot: string, dir: string): string | undefined {
  const id = readId(instanceIdFile(dataRoot));
  if (id) return join(SHARED_DIR, `fermata-${id}`, basename(dir));
  const recorded = readRecord(dataRoot, basename(dir))?.clusterDir;
  return recorded?.startsWith(`${SHARED_DIR}/fermata-`) ? recorded : undefined;
}

function makeDataRoot(dataRoot: string): string {
  try {
    mkdirSync(dataRoot, { recursive: true, mode: isRoot() ? 0o711 : 0o700 });
    accessSync(dataRoot, constants.W_OK | constants.X_OK);
    return realpathSync(dataRoot);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      "DATA_DIR_UNUSABLE",
      `The data directory ${dataRoot} cannot be used: ${explain(cause)} (${String(cause)})`,
      { cause },
    );
  }
}

function explain(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "EROFS")
    return "its file system is read-only. Mount it for writing, or name another folder in FERMATA_DATA.";
  if (code === "ENOSPC") return "the disk is full. Make room, then start again.";
  if (code === "ENOTDIR" || code === "EEXIST")
    return "that is no folder. Name a folder in FERMATA_DATA.";
  return "does it belong to another user?";
}

async function makeRoomElsewhere(dataRoot: string, dir: string): Promise<string> {
  const idFile = instanceIdFile(dataRoot);
  const place = await withFileLock(`${idFile}.lock`, async () => {
    const known = findElsewhere(dataRoot, dir);
    if (known) return known;
    const id = randomUUID();
    const made = join(SHARED_DIR, `fermata-${id}`, basename(dir));
    // Before the id, so that a start that was cut off here is not taken for a lost database.
    if (!readRecord(dataRoot, basename(dir))) {
      writeRecord(dataRoot, basename(dir), { clusterDir: made, systemIdentifier: null });
    }
    writeFileSync(idFile, `${id}\n`, { mode: 0o600 });
    return made;
  });
  const home = dirname(place);
  mkdirSync(home, { recursive: true, mode: 0o711 });
  const stats = lstatSync(home);
  if (!stats.isDirectory() || stats.uid !== 0) {
    throw new EmbeddedPostgresError(
      "DATA_DIR_UNUSABLE",
      `${home}, where the database of ${dataRoot} belongs, is not root's. Run \`chown root ${home}\` if it is yours.`,
    );
  }
  // The umask may have taken away the permission to pass through.
  chmodSync(home, 0o711);
  return place;
}

function readId(file: string): string | undefined {
  const kept = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  return /^[0-9a-f-]{36}$/.test(kept) ? kept : undefined;
}
