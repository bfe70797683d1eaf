import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { CommandLine } from "../command";
import { ObjectCopy } from "./copy-objects";
import { dumpTables } from "./dump-tables";
import { KnownHashes } from "./hashes";
import { listObjects } from "./list-objects";
import { findManifest, removeManifest, writeManifest } from "./manifest";
import { openPlace } from "./open-place";
import { withInstallation } from "./with-installation";

/**
 * `fermata backup <folder or s3://bucket/folder>`: everything that this installation is, while it runs. Interrupted, it goes
 * on where it was: objects that are there already are not copied, and those that were hashed are not read again.
 */
export async function backup(line: CommandLine, target: string): Promise<void> {
  const place = await openPlace(target, line.env);
  await withInstallation(line.env, async ({ services, schema, dataDir }) => {
    const before = await findManifest(place);
    const known = await KnownHashes.open(place, before?.store === "s3" ? before.objects : []);
    if (before) {
      if (before.store === "s3") await known.save();
      await removeManifest(place);
    }
    const isDisk = services.config.objectStore === "disk";
    const copy = isDisk ? await ObjectCopy.open(place, join(dataDir, "objects"), line) : null;
    // Before the database, so that what is deleted meanwhile is here; and after it, for what came meanwhile.
    await copy?.run();
    const createdAt = services.clock.now().toISOString();
    const { tables, migrations } = await dumpTables(services.pool, {
      schema,
      place,
      onTable: (name, rows) => line.progress?.(`Database: ${name}, ${rows} rows`),
    });
    await copy?.run();
    const objects = copy ? await copy.list() : await listObjects(services, line, known);
    // Signs the links that were given out, and the sessions: without it a restored server knows nobody.
    await place.write("secrets.json", createReadStream(join(dataDir, "secrets.json")));
    const store = isDisk ? "disk" : "s3";
    await writeManifest(place, { format: 1, createdAt, migrations, tables, store, objects });
    await known.forget();
    line.progress?.("");
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    await services.pool.query(
      `INSERT INTO "Backup" ("id", "createdAt", "tableRows", "objects") VALUES ($1, $2, $3, $4)`,
      [randomUUID(), createdAt, rows, objects.length],
    );
    line.print(
      `Backed up ${rows} rows of ${tables.length} tables and ${objects.length} objects to ${place.name}.`,
    );
    if (!isDisk) {
      line.print("The objects stay in their buckets; manifest.json lists what was there.");
    }
  });
}
