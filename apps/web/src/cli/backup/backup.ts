import { randomUUID } from "node:crypto";
import { copyFile, mkdir, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Services } from "@fermata/server/internal";
import type { CommandLine } from "../command";
import { copyOnce, filesBelow, hashFile } from "./copy-tree";
import { dumpTables } from "./dump-tables";
import { writeManifest } from "./manifest";
import { withInstallation } from "./with-installation";

type Objects = Awaited<ReturnType<typeof writeObjects>>;

/**
 * `fermata backup <folder>`: everything that this installation is, while it runs. Interrupted, it goes on where it was: the
 * objects that are there already are not copied again.
 */
export async function backup(line: CommandLine, folder: string): Promise<void> {
  const dir = resolve(folder);
  await mkdir(join(dir, "database"), { recursive: true, mode: 0o700 });
  await withInstallation(line.env, async ({ services, schema, dataDir }) => {
    // A backup that is being made anew is none until it is whole.
    await rm(join(dir, "manifest.json"), { force: true });
    const source = join(dataDir, "objects");
    const isDisk = services.config.objectStore === "disk";
    const copyAll = async () => {
      let copied = 0;
      for await (const path of objectsOf(source)) {
        await copyOnce(join(source, path), join(dir, "objects", path));
        line.progress?.(`Objects: ${++copied}`);
      }
    };
    // Before the database, so that what is deleted meanwhile is here; and after it, for what came meanwhile.
    if (isDisk) await copyAll();
    const createdAt = services.clock.now().toISOString();
    const { tables, migrations } = await dumpTables(services.pool, {
      schema,
      dir,
      onTable: (name, rows) => line.progress?.(`Database: ${name}, ${rows} rows`),
    });
    if (isDisk) await copyAll();
    const objects: Objects = isDisk
      ? await writeObjects(join(dir, "objects"), line)
      : await listObjects(services, line);
    // Signs the links that were given out, and the sessions: without it a restored server knows nobody.
    await copyFile(join(dataDir, "secrets.json"), join(dir, "secrets.json"));
    const store = isDisk ? "disk" : "s3";
    await writeManifest(dir, { format: 1, createdAt, migrations, tables, store, objects });
    line.progress?.("");
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    await services.pool.query(
      `INSERT INTO "Backup" ("id", "createdAt", "tableRows", "objects") VALUES ($1, $2, $3, $4)`,
      [randomUUID(), createdAt, rows, objects.length],
    );
    line.print(
      `Backed up ${rows} rows of ${tables.length} tables and ${objects.length} objects to ${dir}.`,
    );
    if (!isDisk) {
      line.print("The objects stay in their buckets; manifest.json lists what was there.");
    }
  });
}

/** Drafts and unfinished uploads are left out. */
async function* objectsOf(source: string): AsyncGenerator<string> {
  for await (const path of filesBelow(join(source, "objects"))) yield join("objects", path);
  const installation = await stat(join(source, "installation.json")).catch(() => null);
  if (installation) yield "installation.json";
}

async function writeObjects(dir: string, line: CommandLine) {
  const objects: { path: string; sizeBytes: number; sha256: string }[] = [];
  for await (const path of filesBelow(dir)) {
    if (path.endsWith(".part")) continue;
    const { size: sizeBytes } = await stat(join(dir, path));
    objects.push({ path, sizeBytes, sha256: await hashFile(join(dir, path)) });
    line.progress?.(`Hashes: ${objects.length}`);
  }
  return objects.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function listObjects({ objects: store }: Services, line: CommandLine): Promise<Objects> {
  const objects: Objects = [];
  for (const bucket of ["files", "media-private", "media-public"] as const) {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof store.list>> = await store.list(bucket, {
        limit: 1000,
        ...(cursor && { cursor }),
      });
      for (const { key, sizeBytes } of page.items)
        objects.push({ path: `${bucket}/${key}`, sizeBytes, sha256: "" });
      cursor = page.nextCursor;
      line.progress?.(`Objects: ${objects.length}`);
    } while (cursor);
  }
  return objects;
}
