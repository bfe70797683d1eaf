import { open, rename, rm } from "node:fs/promises";
import type { Fermata, ImportedFile } from "@fermata/api";
import { limits } from "@fermata/contract";

/** Writes one JSON object a line: `{ sourceId, storageId, mediaKey, … }`. Under another name until it is whole. */
export async function writeMapping({ trpc }: Fermata, source: string, path: string): Promise<void> {
  const draft = `${path}.part`;
  const file = await open(draft, "w");
  try {
    let cursor: string | null = null;
    do {
      const page: { items: ImportedFile[]; nextCursor: string | null } =
        await trpc.imports.list.query({ source, limit: limits.pageItems, cursor });
      for (const item of page.items) await file.write(`${JSON.stringify(item)}\n`);
      cursor = page.nextCursor;
    } while (cursor !== null);
    await file.close();
    await rename(draft, path);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(draft, { force: true });
    throw error;
  }
}
