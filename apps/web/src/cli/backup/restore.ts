import { chmod, copyFile, mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CommandLine } from "../command";
import { copyOnce, hashFile } from "./copy-tree";
import { loadTables } from "./dump-tables";
import { readManifest } from "./manifest";
import { withInstallation } from "./with-installation";

/**
 * `fermata restore <folder>`: a backup into FERMATA_DATA (and DATABASE_URL), which must hold nothing yet. Every file and
 * every table is compared with its hash; interrupted, it may be run again.
 */
export async function restore(line: CommandLine, folder: string): Promise<void> {
  const dir = resolve(folder);
  const manifest = await readManifest(dir);
  const dataDir = resolve(line.env.FERMATA_DATA || ".fermata");
  const secrets = join(dataDir, "secrets.json");
  await mkdir(dataDir, { recursive: true });
  const isNew = !(await stat(secrets).catch(() => null));
  if (isNew) await copyFile(join(dir, "secrets.json"), secrets);
  await chmod(secrets, 0o600);
  if ((await hashFile(secrets)) !== (await hashFile(join(dir, "secrets.json")))) {
    throw new Error(
      `${dataDir} is another installation's: a backup is not restored over something that lives. Name an empty folder in FERMATA_DATA. Nothing was changed.`,
    );
  }
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
    if (manifest.store === "disk") {
      let copied = 0;
      for (const { path, sha256 } of manifest.objects) {
        const from = join(dir, "objects", path);
        const to = join(dataDir, "objects", path);
        if (!(await copyOnce(from, to)) || (await hashFile(to)) !== sha256) {
          throw new Error(
            `objects/${path} of the backup is missing or damaged. The database was not restored.`,
          );
        }
        line.progress?.(`Objects: ${++copied} of ${manifest.objects.length}`);
      }
    }
    // Last, and at once: until then this installation is empty, and the restore may be run again.
    await loadTables(services.pool, {
      schema,
      dir,
      tables: manifest.tables,
      onTable: (name, rows) => line.progress?.(`Database: ${name}, ${rows} rows`),
    });
    line.progress?.("");
    line.print(
      `Restored the backup of ${manifest.createdAt}: ${manifest.tables.length} tables, ${manifest.objects.length} objects, each as its hash says.`,
    );
  });
}
