import type { Fermata } from "@fermata/api";
import { limits } from "@fermata/contract";

/** By name, which is Convex's id: files that nothing refers to. */
export type Leftovers = ReadonlyMap<string, { storageId: string; sha256: string }>;

/** What an earlier import may have stored and was killed before it could note it. */
export async function findLeftovers({ trpc }: Fermata): Promise<Leftovers> {
  const found = new Map<string, { storageId: string; sha256: string }>();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof trpc.files.list.query>> = await trpc.files.list.query({
      state: "unattached",
      limit: limits.pageItems,
      cursor,
    });
    for (const { filename, storageId, sha256 } of page.items) {
      if (filename) found.set(filename, { storageId, sha256 });
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}
