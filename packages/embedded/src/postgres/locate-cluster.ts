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
import { EmbeddedPostgresError } from "./embedded-postgres-error";
import { withFileLock } from "./file-lock";
import { blockingAncestors, chooseUser, isRoot, type UnixUser } from "./run-as";

export interface ClusterLocation {
  /** The cluster itself; `<dir>.lock`, `<dir>.port` and `<dir>.log` stand beside it. */
  dir: string;
  user: UnixUser | undefined;
}

const SHARED_DIR = "/var/lib";

/**
 * Decides where the cluster asked for at `dataDir` lives. That is `dataDir`, unless we are root and the
 * unprivileged user that PostgreSQL then runs as cannot get there: the data root (its parent) is opened for
 * passing through; behind a closed directory further up, the cluster lives under /var/lib, named by a random id
 * kept in the data root, so that a new data root never meets an old database.
 */
export async function locateCluster(dataDir: string): Promise<ClusterLocation> {
  const dataRoot = makeDataRoot(dirname(resolve(dataDir)));
  const dir = join(dataRoot, basename(dataDir));
  const user = chooseUser(dir);
  if (!user) return { dir, user };

  const blocked = blockingAncestors(dir, user);
  if (blocked.some((ancestor) => ancestor !== dataRoot)) return relocate(dataRoot, basename(dir));
  if (blocked.length > 0) chmodSync(dataRoot, (statSync(dataRoot).mode & 0o7777) | 0o011);
  return { dir, user };
}

function makeDataRoot(dataRoot: string): string {
  try {
    mkdirSync(dataRoot, { recursive: true, mode: isRoot() ? 0o711 : 0o700 });
    accessSync(dataRoot, constants.W_OK | constants.X_OK);
    return realpathSync(dataRoot);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      "DATA_DIR_UNUSABLE",
      `The data directory ${dataRoot} cannot be used; does it belong to another user? (${String(cause)})`,
      { cause },
    );
  }
}

async function relocate(dataRoot: string, name: string): Promise<ClusterLocation> {
  const idFile = join(dataRoot, "instance-id");
  const instanceId = await withFileLock(`${idFile}.lock`, async () => readOrMakeId(idFile));
  const home = join(SHARED_DIR, `fermata-${instanceId}`);
  mkdirSync(home, { recursive: true, mode: 0o711 });
  const stats = lstatSync(home);
  if (!stats.isDirectory() || stats.uid !== 0) {
    throw new EmbeddedPostgresError("DATA_DIR_UNUSABLE", `${home} belongs to somebody else.`);
  }
  // The umask may have taken away the permission to pass through.
  chmodSync(home, 0o711);
  const dir = join(home, name);
  return { dir, user: chooseUser(dir) };
}

function readOrMakeId(file: string): string {
  const kept = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  if (/^[0-9a-f-]{36}$/.test(kept)) return kept;
  const id = randomUUID();
  writeFileSync(file, `${id}\n`, { mode: 0o600 });
  return id;
}
