import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdir, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { DataCommand, DataContext, Installation } from "../command";
import { loadTables } from "./dump-tables";
import { hashing, hashOf } from "./hashes";
import { countMissing } from "./list-objects";
import { type Manifest, readManifest } from "./manifest";
import { placeOf } from "./open-place";
import { type BackupPlace, readText } from "./place";

/**
 * A backup into a database and a store that hold nothing yet. Every file and every table is compared with its hash;
 * interrupted, it may be run again.
 */
export const restore: DataCommand = {
  usage: "restore [place]",
  summary: "Fills what is empty from a backup, each byte compared with its hash.",
  options: [["--from <place>", "the same as [place]"]],
  async run(ctx, [given]) {
    const place = await placeOf(ctx, given ?? ctx.flags.from);
    const manifest = await readManifest(place);
    await ctx.withInstallation((installation) => fill(ctx, installation, { place, manifest }), {
      before: (secretsFile) => restoreSecrets(place, secretsFile),
    });
  },
};

async function fill(
  ctx: DataContext,
  { pool, schema, store, migrations, whatLives }: Installation,
  { place, manifest }: { place: BackupPlace; manifest: Manifest },
): Promise<void> {
  const known = migrations();
  const unknown = manifest.migrations.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `The backup is of a newer release (${unknown.join(", ")}). Restore it with that one. Nothing was changed.`,
    );
  }
  const lives = await whatLives();
  if (lives) throw new Error(lives);
  if (manifest.store === "disk") {
    if (!store.directory)
      throw new Error("The backup is of a disk store, and this one is none. Nothing was changed.");
    await restoreObjects(place, manifest, { directory: store.directory, ctx });
  }
  // Last, and at once: until then this installation is empty, and the restore may be run again.
  await loadTables(pool, {
    schema,
    place,
    tables: manifest.tables,
    onTable: (name, rows) => ctx.progress?.(`Database: ${name}, ${rows} rows`),
  });
  ctx.progress?.("");
  const missing = manifest.store === "disk" ? 0 : await countMissing(store, manifest.objects);
  const { createdAt, tables, objects } = manifest;
  if (ctx.json) {
    const counts = { tables: tables.length, objects: objects.length, missing };
    ctx.print(JSON.stringify({ createdAt, ...counts }));
    return;
  }
  ctx.print(
    `Restored the backup of ${createdAt}: ${tables.length} tables, ${objects.length} objects, each as its hash says.`,
  );
  if (missing > 0) {
    ctx.print(
      `${missing} of the objects are not in the buckets as they were: bring them back by the tools of the store.`,
    );
  }
}

async function restoreSecrets(place: BackupPlace, secrets: string): Promise<void> {
  const kept = await readText(place, "secrets.json");
  if (kept === null) throw new Error("secrets.json of the backup is missing. Nothing was changed.");
  const dataDir = dirname(secrets);
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
  { directory, ctx }: { directory: string; ctx: DataContext },
): Promise<void> {
  let restored = 0;
  for (const object of objects) {
    if (!(await restoreObject(place, object, join(directory, object.path)))) {
      throw new Error(
        `objects/${object.path} of the backup is missing or damaged. The database was not restored.`,
      );
    }
    ctx.progress?.(`Objects: ${++restored} of ${objects.length}`);
  }
}

/** Whole, or not at all. One that an earlier run restored is compared where it is. @returns whether its hash is right */
async function restoreObject(
  place: BackupPlace,
  { path, sizeBytes, sha256 }: Manifest["objects"][number],
  to: string,
): Promise<boolean> {
  // What a migration wrote of a store that was empty is not what it becomes.
  const there = path === "installation.json" ? null : await stat(to).catch(() => null);
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
