import type { DataContext, Installation } from "../command";
import { hashOf, type KnownHashes } from "./hashes";
import type { Manifest } from "./manifest";

type Objects = Manifest["objects"];
type Store = Pick<Installation["store"], "objects">;

const buckets = ["files", "media-private", "media-public"] as const;
const pageObjects = 1000;

/** What the buckets of an S3 store hold, with the hash of each: it is read once, and known from then on. */
export async function listObjects(
  { objects: store }: Store,
  line: Pick<DataContext, "progress">,
  known: KnownHashes,
): Promise<Objects> {
  const objects: Objects = [];
  for await (const { bucket, key, sizeBytes } of eachObject(store)) {
    const path = `${bucket}/${key}`;
    let sha256 = known.get(path, sizeBytes);
    if (!sha256) {
      const found = await store.get(bucket, key);
      // Deleted since it was listed.
      if (!found) continue;
      sha256 = await hashOf(found.body);
      await known.set(path, sizeBytes, sha256);
    }
    objects.push({ path, sizeBytes, sha256 });
    line.progress?.(`Objects: ${objects.length}`);
  }
  return objects;
}

/** How many objects of a manifest the buckets lack, or hold in another size. */
export async function countMissing({ objects: store }: Store, objects: Objects): Promise<number> {
  const sizes = new Map<string, number>();
  for await (const { bucket, key, sizeBytes } of eachObject(store))
    sizes.set(`${bucket}/${key}`, sizeBytes);
  return objects.filter(({ path, sizeBytes }) => sizes.get(path) !== sizeBytes).length;
}

async function* eachObject(store: Store["objects"]) {
  for (const bucket of buckets) {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof store.list>> = await store.list(bucket, {
        limit: pageObjects,
        ...(cursor && { cursor }),
      });
      for (const { key, sizeBytes, isPart } of page.items) {
        if (!isPart) yield { bucket, key, sizeBytes };
      }
      cursor = page.nextCursor;
    } while (cursor);
  }
}
