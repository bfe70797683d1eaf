import { randomUUID } from "node:crypto";
import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  type ClusterRecord,
  readRecord,
  readSystemIdentifier,
  recordFile,
  writeRecord,
} from "./cluster-record";
import { EmbeddedPostgresError } from "./embedded-postgres-error";
import { type ClusterLocation, holdsCluster, instanceIdFile } from "./locate-cluster";

/**
 * Refuses a start that would put an empty database, or somebody else's, in the place of the one that this data root had:
 * after a restore without it, a copy that would share it, a move to where PostgreSQL may not go.
 * @param expected why there must be a cluster, beyond what the data root remembers of it
 * @throws EmbeddedPostgresError DATABASE_MISSING, DATABASE_NOT_THIS_ONE, DATA_DIR_UNUSABLE
 */
export function requireKnownCluster(location: ClusterLocation, expected: string | null): void {
  const { dir, dataRoot, closedDirs } = location;
  const record = readRecord(dataRoot, basename(dir));
  if (!holdsCluster(dir)) {
    requireFirstStart(location, record, expected);
    return;
  }
  if (closedDirs.length > 0) {
    throw new EmbeddedPostgresError(
      "DATA_DIR_UNUSABLE",
      `The database at ${dir} cannot be opened from there: PostgreSQL does not run as root, and ${closedDirs.join(", ")} ${closedDirs.length > 1 ? "are" : "is"} closed to everybody else.
Move ${dataRoot} to a place that all may pass through (/var/lib/fermata, say), or run \`chmod o+x ${closedDirs.join(" ")}\`. Nothing was changed.`,
    );
  }
  const systemIdentifier = readSystemIdentifier(dir);
  if (
    record?.systemIdentifier &&
    systemIdentifier &&
    record.systemIdentifier !== systemIdentifier
  ) {
    throw new EmbeddedPostgresError(
      "DATABASE_NOT_THIS_ONE",
      `The database at ${dir} is another one (id ${systemIdentifier}) than ${dataRoot} had (id ${record.systemIdentifier}).
Restore both from one backup. If it is meant to take the other's place, delete ${recordFile(dataRoot, basename(dir))}. Nothing was changed.`,
    );
  }
  if (dirname(dir) !== dataRoot) refuseCopy(location);
}

/** Remembers the cluster, and whose it is, once it is there. Cheap when nothing is new. */
export function rememberCluster({ dir, dataRoot }: ClusterLocation): void {
  if (dirname(dir) !== dataRoot && readOrEmpty(ownerFile(dir)) !== dataRoot) {
    writeFileSync(ownerFile(dir), `${dataRoot}\n`, { mode: 0o600 });
  }
  const name = basename(dir);
  const record = readRecord(dataRoot, name);
  const systemIdentifier = readSystemIdentifier(dir) ?? record?.systemIdentifier ?? null;
  if (record?.clusterDir === dir && record.systemIdentifier === systemIdentifier) return;
  writeRecord(dataRoot, name, { clusterDir: dir, systemIdentifier });
}

function requireFirstStart(
  { dir, dataRoot }: ClusterLocation,
  record: ClusterRecord | undefined,
  expected: string | null,
): void {
  // Of releases that kept no record, the id alone says that the database was given a place elsewhere.
  const hadOne = record ? record.systemIdentifier !== null : existsSync(instanceIdFile(dataRoot));
  if (!hadOne && !expected) return;
  const clusterDir = hadOne ? (record?.clusterDir ?? dir) : dir;
  const id = record?.systemIdentifier ? ` (id ${record.systemIdentifier})` : "";
  const isOutside = dirname(clusterDir) !== dataRoot;
  throw new EmbeddedPostgresError(
    "DATABASE_MISSING",
    [
      `The database of ${dataRoot} is missing: there is none at ${dir}.`,
      hadOne && `It lived at ${clusterDir}${id}${isOutside ? ", outside of that folder" : ""}.`,
      expected,
      `Restore ${isOutside ? `that directory to ${dir}` : "it"}, with the rest of the same backup, and start again. Nothing was changed.`,
      `To begin anew on purpose, move ${dataRoot} away whole.`,
    ]
      .filter(Boolean)
      .join("\n"),
  );
}

/** A cluster outside of its data root has one data root: a copy of the folder would write into the original's database. */
function refuseCopy({ dir, dataRoot }: ClusterLocation): void {
  const home = dirname(dir);
  try {
    accessSync(home, constants.W_OK);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      "DATA_DIR_UNUSABLE",
      `The database of ${dataRoot} was made by root, at ${dir}, where this user may not write. Start it as root again. Nothing was changed.`,
      { cause },
    );
  }
  const owner = readOrEmpty(ownerFile(dir));
  if (owner !== "" && owner !== dataRoot && isOtherRootOf(owner, dataRoot)) {
    const id = randomUUID();
    throw new EmbeddedPostgresError(
      "DATABASE_NOT_THIS_ONE",
      `${dataRoot} is a copy of ${owner}, and the database of both is at ${dir}. Two servers with different files must not share it.
Start ${owner}; or move that folder away if ${dataRoot} takes its place. To give the copy a database of its own, stop the server of ${owner}, then
  cp -a ${home} ${join(dirname(home), `fermata-${id}`)}
  echo ${id} > ${instanceIdFile(dataRoot)}
Nothing was changed.`,
    );
  }
}

/** Beside a cluster outside of its data root: the data root that it belongs to. */
function ownerFile(dir: string): string {
  return join(dirname(dir), "data-root");
}

/** Whether `owner` still is a data root of the same cluster, and not this one under another name. */
function isOtherRootOf(owner: string, dataRoot: string): boolean {
  const [here, there] = [dataRoot, owner].map((root) => statSync(root, { throwIfNoEntry: false }));
  if (!here || !there || (here.ino === there.ino && here.dev === there.dev)) return false;
  return readOrEmpty(instanceIdFile(owner)) === readOrEmpty(instanceIdFile(dataRoot));
}

function readOrEmpty(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
}
