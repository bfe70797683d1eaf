import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const schema = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  migrations: z.array(z.string()),
  tables: z.array(z.object({ name: z.string(), rows: z.number(), sha256: z.string() })),
  store: z.enum(["disk", "s3"]),
  /** With the disk store the files in `objects/`; with S3 what the buckets held, which stays where it is. */
  objects: z.array(z.object({ path: z.string(), sizeBytes: z.number(), sha256: z.string() })),
});

export type Manifest = z.infer<typeof schema>;

const fileOf = (dir: string) => join(dir, "manifest.json");

/** @throws Error where the folder holds no whole backup: the manifest is written last */
export async function readManifest(dir: string): Promise<Manifest> {
  const text = await readFile(fileOf(dir), "utf8").catch(() => {
    throw new Error(
      `${dir} holds no whole backup: manifest.json is missing. If a backup was interrupted, run it again.`,
    );
  });
  return schema.parse(JSON.parse(text));
}

export async function writeManifest(dir: string, manifest: Manifest): Promise<void> {
  const draft = `${fileOf(dir)}.part`;
  await writeFile(draft, `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600 });
  await rename(draft, fileOf(dir));
}
