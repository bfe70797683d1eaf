import type { FileMetadata } from "@fermata/contract";
import type { Services } from "../../context";
import { fromPrisma } from "../../ground/transaction";
import { ownersOf } from "../rows/file-owners";
import { toMetadata } from "../rows/to-metadata";

/** A file as a job sees it. */
export interface StoredFile extends FileMetadata {
  ownerId: string;
  /** To be read once. */
  body: ReadableStream<Uint8Array>;
}

/** Anybody's ready file with its bytes, for jobs: whoever calls this answers for whom they show it to. Null for none. */
export async function getFile(
  ctx: Pick<Services, "db" | "objects" | "log" | "owners">,
  storageId: string,
): Promise<StoredFile | null> {
  const file = await ctx.db.file.findFirst({ where: { id: storageId, status: "ready" } });
  if (!file) return null;
  const object = await ctx.objects.get("files", file.objectKey);
  if (!object) {
    ctx.log.error({ storageId }, "a ready file has no bytes in the store");
    return null;
  }
  const owners = await ownersOf(ctx, fromPrisma(ctx.db), [storageId]);
  const metadata = toMetadata(file, owners.get(storageId));
  return { ...metadata, ownerId: file.uploaderId, body: object.body };
}
