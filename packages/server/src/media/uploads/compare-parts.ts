import { createHash } from "node:crypto";
import { limits } from "@fermata/contract";
import type { Services } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import type { BucketName, ObjectInfo } from "../../ports/object-store";

/** Up to here a part may leave before it is hashed: where its ETag is no MD5 after all, it is read again to be compared. */
export const readAgainBytes = 16 * 1024 * 1024;

export interface ToldPart {
  partNumber: number;
  /** Base64, as its sender read it. */
  md5?: string | undefined;
}

/**
 * Whether an object is made of the parts that were told. On most stores its ETag is the MD5 of their MD5s; elsewhere the
 * bytes tell, of those parts that may have left without a checksum.
 */
export async function isMadeOf(
  ctx: Pick<Services, "objects">,
  bucket: BucketName,
  { key, partCount, partSizeBytes }: MediaModel,
  { etag, sizeBytes }: ObjectInfo,
  told: ToldPart[],
): Promise<boolean> {
  const md5s = told.flatMap(({ md5 }) => md5 ?? []);
  if (md5s.length === partCount && etag === etagOfParts(md5s)) return true;
  const partBytes = Number(partSizeBytes);
  if (partBytes > readAgainBytes) return true;
  for (const { partNumber, md5 } of told) {
    if (!md5 || partNumber > limits.storage.maxSignedFirst) continue;
    const start = (partNumber - 1) * partBytes;
    const end = Math.min(start + partBytes, sizeBytes) - 1;
    const part = await ctx.objects.get(bucket, key, { start, end });
    if (!part) return false;
    const hash = createHash("md5");
    for await (const chunk of part.body) hash.update(chunk);
    if (hash.digest("base64") !== md5) return false;
  }
  return true;
}

/** As S3 has it, of MD5s in base64, in the order of the parts. */
function etagOfParts(md5s: string[]): string {
  const hash = createHash("md5");
  for (const md5 of md5s) hash.update(Buffer.from(md5, "base64"));
  return `"${hash.digest("hex")}-${md5s.length}"`;
}
