import { limits } from "@fermata/contract";
import { cleanFilename } from "../../bytes/clean-filename";
import { quotaOf, subjectColumn } from "../../bytes/quota-of";
import { withinQuota } from "../../bytes/within-quota";
import type { Services } from "../../context";
import { hashToken, newId, newToken } from "../../ground/secrets";
import { storeBody } from "../receiving/store-body";
import { once } from "../receiving/store-whole";
import { readCharset, readClaimedType } from "../types/accepted-types";

type Ctx = Pick<
  Services,
  | "config"
  | "quota"
  | "db"
  | "pool"
  | "objects"
  | "workbench"
  | "clock"
  | "log"
  | "uploads"
  | "transaction"
>;

interface NewFile {
  /** Whose file it becomes: it counts against their quota, and they alone can attach it. */
  ownerId: string;
  /** What the app's rule of quotas counts them to. Default null. */
  tenantId?: string | null;
  /** Held against the bytes, as of an upload. */
  contentType?: string;
  filename?: string;
}

/** Past this the bytes of a store that died are garbage. */
const storingSeconds = 300;

/**
 * Stores bytes as a file of a user's, from a job or from anywhere on the server: the same checks as of an upload, no URL.
 * @param bytes at most 5 MiB; a stream is never held in memory as a whole
 * @throws AppError QUOTA_EXCEEDED, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, INVALID_INPUT for no bytes at all
 */
export async function storeFile(
  ctx: Ctx,
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  { ownerId, tenantId = null, contentType, filename }: NewFile,
): Promise<{ storageId: string }> {
  const claimed = readClaimedType(contentType);
  const charset = readCharset(contentType);
  const maxBytes = limits.files.maxBytes;
  const now = ctx.clock.now();
  const until = new Date(now.getTime() + storingSeconds * 1000);
  const quota = quotaOf(ctx, { userId: ownerId, tenantId }, "files");
  const file = await withinQuota(ctx, quota, (tx) =>
    tx.file.create({
      data: {
        id: newId(),
        objectKey: newId(),
        uploaderId: ownerId,
        ...subjectColumn(quota, ownerId),
        status: "receiving",
        ...(filename && { filename: cleanFilename(filename) }),
        sizeBytes: Math.min(isWhole(bytes) ? bytes.byteLength : maxBytes, maxBytes),
        createdAt: now,
        // A grant that nobody holds: past its time the row goes the way of every other.
        grantTokenHash: hashToken(newToken("fmu")),
        grantExpiresAt: until,
        claimExpiresAt: until,
      },
    }),
  );
  try {
    const source = isWhole(bytes) ? once(bytes) : bytes;
    const terms = {
      claimed,
      filename: filename ?? null,
      charset,
      maxBytes,
      sizeBytes: null,
      sha256: [],
    };
    const claim = { fileId: file.id, uploaderId: ownerId, objectKey: file.objectKey, rule: null };
    await storeBody(ctx, claim, source, terms);
    return { storageId: file.id };
  } catch (error) {
    // Where the database is away too, the purge of grants finds the row.
    await ctx.db.file
      .deleteMany({ where: { id: file.id, status: "receiving" } })
      .catch((err) => ctx.log.warn({ err }, "a row without bytes waits for the purge"));
    throw error;
  }
}

function isWhole(bytes: Uint8Array | AsyncIterable<Uint8Array>): bytes is Uint8Array {
  return bytes instanceof Uint8Array;
}
