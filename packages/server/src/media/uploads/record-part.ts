import { checksumInEtag } from "../../bytes/digest-headers";
import type { Services } from "../../context";
import type { BucketName } from "../../ports/object-store";

type Ctx = Pick<Services, "db" | "clock">;

interface RecordedPart {
  partNumber: number;
  sizeBytes: number;
  etag: string;
  /** Base64. */
  md5?: string | null | undefined;
}

/** ETags as clients hand them on, with or without their quotes, become the header's form. */
export function quoted(etag: string): string {
  return `"${etag.replace(/^W\//, "").replaceAll('"', "")}"`;
}

/** Keeps which parts the store has, so that a reload can resume. A part that was sent again replaces its former self. */
export async function recordParts(ctx: Ctx, mediaId: string, parts: RecordedPart[]): Promise<void> {
  if (parts.length === 0) return;
  const column = <K extends keyof RecordedPart>(name: K) => parts.map((part) => part[name]);
  const md5s = parts.map(({ md5 }) => md5 ?? null);
  await ctx.db.$executeRaw`
    INSERT INTO "MediaPart" ("mediaId", "partNumber", "sizeBytes", "etag", "md5", "uploadedAt")
    SELECT ${mediaId}, p.*, ${ctx.clock.now()}
    FROM unnest(${column("partNumber")}::int[], ${column("sizeBytes")}::bigint[], ${column("etag")}::text[], ${md5s}::text[]) p
    ON CONFLICT ("mediaId", "partNumber") DO UPDATE
      SET "sizeBytes" = EXCLUDED."sizeBytes", "etag" = EXCLUDED."etag", "md5" = EXCLUDED."md5", "uploadedAt" = EXCLUDED."uploadedAt"`;
}

/**
 * For a store that tells of each part as it arrives. A part of an upload that is over is nobody's, also of one that is ended
 * right now: its row is held until the part is there.
 */
export async function recordPart(
  ctx: Ctx,
  part: Omit<RecordedPart, "md5"> & { bucket: BucketName; key: string; uploadId: string },
): Promise<void> {
  const { key, uploadId, partNumber, sizeBytes, etag } = part;
  const { md5 = null } = checksumInEtag(etag);
  await ctx.db.$executeRaw`
    INSERT INTO "MediaPart" ("mediaId", "partNumber", "sizeBytes", "etag", "md5", "uploadedAt")
    SELECT id, ${partNumber}::int, ${sizeBytes}::bigint, ${etag}, ${md5}, ${ctx.clock.now()}
    FROM "Media" WHERE "key" = ${key} AND "uploadId" = ${uploadId} AND "status" = 'pending' FOR SHARE
    ON CONFLICT ("mediaId", "partNumber") DO UPDATE
      SET "sizeBytes" = EXCLUDED."sizeBytes", "etag" = EXCLUDED."etag", "md5" = EXCLUDED."md5", "uploadedAt" = EXCLUDED."uploadedAt"`;
}
