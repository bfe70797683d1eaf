import { Readable } from "node:stream";
import { z } from "zod";
import { type BackupPlace, readText } from "./place";

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

const file = "manifest.json";

/** @throws Error where there is no whole backup: the manifest is written last */
export async function readManifest(place: BackupPlace): Promise<Manifest> {
  const found = await findManifest(place);
  if (found) return found;
  throw new Error(
    `${place.name} holds no whole backup: ${file} is missing. If a backup was interrupted, run it again.`,
  );
}

export async function findManifest(place: BackupPlace): Promise<Manifest | null> {
  const text = await readText(place, file);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${file} of ${place.name} is damaged, or of a newer release.`, { cause });
  }
}

export async function writeManifest(place: BackupPlace, manifest: Manifest): Promise<void> {
  await place.write(file, Readable.from([`${JSON.stringify(manifest, null, 1)}\n`]));
}

/** A backup that is being made anew is none until it is whole. */
export async function removeManifest(place: BackupPlace): Promise<void> {
  await place.remove(file);
}
