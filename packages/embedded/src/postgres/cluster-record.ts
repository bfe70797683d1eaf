import { closeSync, openSync, readFileSync, readSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a data root remembers of its cluster, so that a start never takes the absence of one for a first start. */
export interface ClusterRecord {
  /** Where the cluster was when it last ran. */
  clusterDir: string;
  /** PostgreSQL's own id of it, made by initdb; null while the first start has not made it yet. */
  systemIdentifier: string | null;
}

export function recordFile(dataRoot: string, name: string): string {
  return join(dataRoot, `${name}.record.json`);
}

export function readRecord(dataRoot: string, name: string): ClusterRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(recordFile(dataRoot, name), "utf8")) as ClusterRecord;
    return typeof record.clusterDir === "string" ? record : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    // Cut short by a full disk, say: what it said is lost, and the directories themselves still speak.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function writeRecord(dataRoot: string, name: string, record: ClusterRecord): void {
  const file = recordFile(dataRoot, name);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** The first eight bytes of pg_control, as `SELECT system_identifier FROM pg_control_system()` shows them. */
export function readSystemIdentifier(clusterDir: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(join(clusterDir, "global", "pg_control"), "r");
    const bytes = Buffer.alloc(8);
    if (readSync(file, bytes, 0, 8, 0) < 8) return undefined;
    // In the byte order of the machine, which is little-endian wherever the embedded PostgreSQL runs.
    return bytes.readBigUInt64LE().toString();
  } catch {
    // Missing, or not for this user to read: PostgreSQL itself says which, in better words.
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
