import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdir, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { CommandLine } from "../command";
import { loadTables } from "./dump-tables";
import { hashing, hashOf } from "./hashes";
import { countMissing } from "./list-objects";
import { type Manifest, readManifest } from "./manifest";
import { openPlace } from "./open-place";
import { type BackupPlace, readText } from "./place";
import { withInstallation } from "./with-installation";

/**
 * `fermata restore <folder or s3://bucket/folder>`: a backup into FERMATA_DATA (and DATABASE_URL), which must hold nothing
 * yet. Every file and every table is compared with its hash; interrupted, it may be run again.
 */
export async function restore(line: CommandLine, source: string): Promise<void> {
  const place = await openPlace(source, line.env);
  const manifest = await readManifest(place);
  const dataDir = resolve(line.env.FERMATA_DATA || ".fermata");
  await restoreSecrets(place, dataDir);
  await withInstallation(line.env, async ({ services, schema, migrations }) => {
    const unknown = manifest.migrations.filter((name) => !migrations.includes(name));
    if (unknown.length > 0) {
      throw new Error(
        `The backup is of a newer release (${unknown.join(", ")}). Restore it with that one. Nothing was changed.`,
      );
    }
    if ((await services.db.user.count()) > 0) {
      throw new Error(
        "The database already holds users: a backup is not restored over something that lives. Name an empty folder in FERMATA_DATA, or an empty database in DATABASE_URL. Nothing was changed.",
      );
    }
    if (manifest.store === "disk") await restoreObjects(place, manifest, { dataDir, line });
    // Last, and at once: until then this installation is empty, and the restore may be run again.
    await loadTables(services.pool, {
      schema,
      place,
      tables: manifest.tables,
      onTable: (name, rows) => line.progress?.(`Database: ${name}, ${rows} rows`),
    });
    line.progress?.("");
    line.print(
      `Restored the backup of ${manifest.createdAt}: ${manifest.tables.length} tables, ${manifest.objects.length} objects, each as its hash says.`,
    );
    if (manifest.store === "disk") return;
    const missing = await countMissing(services, manifest.objects);
    if (missing > 0) {
      line.print(
        `${missing} of the objects are not in the buckets as they were: bring them back by the tools of the store.`,
      );
    }
  });
}

async function restoreSecrets(place: BackupPlace, dataDir: string): Promise<void> {
  const kept = await readText(place, "secrets.json");
  if (kept === null) throw new Error("secrets.json of the backup is missing. Nothing was changed.");
  const secrets = join(dataDir, "secrets.json");
  await mkdir(dataDir, { recursive: true });
  const isNew = !(await stat(secrets).catch(() => null));
  if (isNew) await writeFile(secrets, kept, { mode: 0o600 });
  await chmod(secrets, 0o600);
  const [here, there] = [
    await hashOf(createReadStream(secrets)),
    await hashOf(Readable.from([Buffer.from(kept)])),
  ];
  if (here !== there) {
    throw new Error(
      `${dataDir} is another installation's: a backup is not restored over something that lives. Name an empty folder in FERMATA_DATA. Nothing was changed.`,
    );
  }
}

async function restoreObjects(
  place: BackupPlace,
  { objects }: Manifest,
  { dataDir, line }: { dataDir: string; line: CommandLine },
): Promise<void> {
  let restored = 0;
  for (const object of objects) {
    if (!(await restoreObject(place, object, join(dataDir, "objects", object.path)))) {
      throw new Error(
        `objects/${object.path} of the backup is missing or damaged. The database was not restored.`,
      );
    }
    line.progress?.(`Objects: ${++restored} of ${objects.length}`);
  }
}

/** Whole, or not at all. One that an earlier run restored is compared where it is. @returns whether its hash is right */
async function restoreObject(
  place: BackupPlace,
  { path, sizeBytes, sha256 }: Manifest["objects"][number],
  to: string,
): Promise<boolean> {
  const there = await stat(to).catch(() => null);
  if (there?.size === sizeBytes) return (await hashOf(createReadStream(to))) === sha256;
  const body = await place.read(`objects/${path}`);
  if (!body) return false;
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const draft = `${to}.part`;
  const hash = hashing();
  await pipeline(body, hash.through, createWriteStream(draft, { mode: 0o600, flush: true }));
  if (hash.sha256() !== sha256) return false;
  await rename(draft, to);
  return true;
}
