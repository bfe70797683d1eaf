import type { Services } from "../context";
import type { BucketName } from "../ports/object-store";

type Ctx = Pick<Services, "db" | "clock">;

interface RecordedPart {
  partNumber: number;
  sizeBytes: number;
  etag: string;
}

/** ETags as clients hand them on, with or without their quotes, become the header's form. */
export function quoted(etag: string): string {
  return `"${etag.replace(/^W\//, "").replaceAll('"', "")}"`;
}

/** Keeps which parts the store has, so that a reload can resume. A part that was sent again replaces its former self. */
export async function recordParts(ctx: Ctx, mediaId: string, parts: RecordedPart[]): Promise<void> {
  if (parts.length === 0) return;
  const column = <K extends keyof RecordedPart>(name: K) => parts.map((part) => part[name]);
  await ctx.db.$executeRaw`
    INSERT INTO "MediaPart" ("mediaId", "partNumber", "sizeBytes", "etag", "uploadedAt")
    SELECT ${mediaId}, p.*, ${ctx.clock.now()}
    FROM unnest(${column("partNumber")}::int[], ${column("sizeBytes")}::bigint[], ${column("etag")}::text[]) p
    ON CONFLICT ("mediaId", "partNumber") DO UPDATE
      SET "sizeBytes" = EXCLUDED."sizeBytes", "etag" = EXCLUDED."etag", "uploadedAt" = EXCLUDED."uploadedAt"`;
}

/** For a store that tells of each part as it arrives. A part of an upload that is over is nobody's. */
export async function recordPart(
  ctx: Ctx,
  part: RecordedPart & { bucket: BucketName; key: string; uploadId: string },
): Promise<void> {
  const { key, uploadId, partNumber, sizeBytes, etag } = part;
  const media = await ctx.db.media.findFirst({
    where: { key, uploadId, status: "pending" },
    select: { id: true },
  });
  if (media) await recordParts(ctx, media.id, [{ partNumber, sizeBytes, etag }]);
}
