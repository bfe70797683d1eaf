import type { Fermata } from "@fermata/api";
import { limits } from "@fermata/contract";
import type { ArchivedFile } from "./convex-archive";

/** `there`: an earlier run brought it. `deleted`: it did, and somebody deleted it since. */
export type Done = "there" | "deleted";

/** Which files need not be imported any more, by their ids. */
export async function findDone(
  { trpc }: Fermata,
  source: string,
  files: readonly ArchivedFile[],
): Promise<Map<string, Done>> {
  const done = new Map<string, Done>();
  for (const sourceIds of inQuestions(files.map(({ sourceId }) => sourceId))) {
    const { items } = await trpc.imports.find.query({ source, sourceIds });
    for (const { sourceId, storageId, mediaKey, mediaStatus } of items) {
      if (storageId || mediaStatus === "ready") done.set(sourceId, "there");
      else if (!mediaKey) done.set(sourceId, "deleted");
    }
  }
  return done;
}

/** A question travels in a URL, whose length is limited. */
const questionChars = 1500;

/** As many ids at a time as one question may hold. */
export function* inQuestions(ids: readonly string[]): Generator<string[]> {
  let some: string[] = [];
  let chars = 0;
  for (const id of ids) {
    const own = encodeURIComponent(`"${id}",`).length;
    if (some.length === limits.pageItems || (some.length > 0 && chars + own > questionChars)) {
      yield some;
      some = [];
      chars = 0;
    }
    some.push(id);
    chars += own;
  }
  if (some.length > 0) yield some;
}
