import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import type { DataCommand, DataContext, Installation } from "../command";
import { ObjectCopy } from "./copy-objects";
import { dumpTables } from "./dump-tables";
import { KnownHashes } from "./hashes";
import { listObjects } from "./list-objects";
import { findManifest, removeManifest, writeManifest } from "./manifest";
import { placeOf } from "./open-place";
import type { BackupPlace } from "./place";

/**
 * Everything that an installation is, while it runs. Interrupted, it goes on where it was: objects that are there already are
 * not copied, and those that were hashed are not read again.
 */
export const backup: DataCommand = {
  usage: "backup [place]",
  summary:
    "Writes everything of Fermata's to a folder or to s3://bucket/folder, while the server runs. Run again, it goes on.",
  options: [["--to <place>", "the same as [place]"]],
  async run(ctx, [given]) {
    const place = await placeOf(ctx, given ?? ctx.flags.to);
    await ctx.withInstallation((installation) => write(ctx, installation, place));
  },
};

async function write(
  ctx: DataContext,
  { pool, schema, store, secretsFile, now }: Installation,
  place: BackupPlace,
): Promise<void> {
  const before = await findManifest(place);
  const known = await KnownHashes.open(place, before?.store === "s3" ? before.objects : []);
  if (before) {
    if (before.store === "s3") await known.save();
    await removeManifest(place);
  }
  const isDisk = store.name === "disk";
  const copy = store.directory ? await ObjectCopy.open(place, store.directory, ctx) : null;
  // Before the database, so that what is deleted meanwhile is here; and after it, for what came meanwhile.
  await copy?.run();
  const createdAt = now().toISOString();
  const { tables, migrations } = await dumpTables(pool, {
    schema,
    place,
    onTable: (name, rows) => ctx.progress?.(`Database: ${name}, ${rows} rows`),
  });
  await copy?.run();
  const objects = copy ? await copy.list() : await listObjects(store, ctx, known);
  // Signs the links that were given out, and the sessions: without it a restored server knows nobody.
  if (secretsFile) await place.write("secrets.json", createReadStream(secretsFile));
  await writeManifest(place, {
    format: 1,
    createdAt,
    migrations,
    tables,
    store: isDisk ? "disk" : "s3",
    objects,
  });
  await known.forget();
  ctx.progress?.("");
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  await pool.query({
    text: `INSERT INTO "Backup" ("id", "createdAt", "tableRows", "objects") VALUES ($1, $2, $3, $4)`,
    values: [randomUUID(), createdAt, rows, objects.length],
  });
  if (ctx.json) {
    const counts = { tables: tables.length, rows, objects: objects.length };
    ctx.print(JSON.stringify({ place: place.name, createdAt, ...counts }));
    return;
  }
  ctx.print(
    `Backed up ${rows} rows of ${tables.length} tables and ${objects.length} objects to ${place.name}.`,
  );
  if (!isDisk) ctx.print("The objects stay in their buckets; manifest.json lists what was there.");
  if (!secretsFile)
    ctx.print(
      "Your own tables and the secret of createFermataServer are yours to keep: links that were given out are signed with it.",
    );
}
