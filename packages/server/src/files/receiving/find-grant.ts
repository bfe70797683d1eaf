import type { Services } from "../../context";
import type { FileStatus } from "../../generated/prisma/enums";
import { AppError } from "../../ground/errors";
import { hashToken } from "../../ground/secrets";

type Ctx = Pick<Services, "pool" | "clock">;

/** What an upload URL stands for. */
export interface Grant {
  id: string;
  uploaderId: string;
  status: FileStatus;
  objectKey: string;
  filename: string | null;
  /** 0 after an attempt that failed, which gave it back. */
  reservedBytes: number;
  grantExpiresAt: Date;
  claimExpiresAt: Date | null;
  grantType: string | null;
  grantSizeBytes: number | null;
  grantSha256: string | null;
  /** What is reserved for it. */
  maxBytes: number;
  rule: string | null;
}

/**
 * The grant behind an upload URL, while it can be used.
 * @throws AppError NOT_FOUND, FORBIDDEN for another user's token, UPLOAD_EXPIRED, UPLOAD_ALREADY_USED
 */
export async function findGrant(ctx: Ctx, token: string, callerId: string | null): Promise<Grant> {
  // By hand, as what follows: this is what an upload costs beside its bytes.
  const { rows } = await ctx.pool.query<Grant>({
    name: "find upload grant",
    text: `SELECT "id", "uploaderId", "status", "objectKey", "filename", "grantExpiresAt", "claimExpiresAt", "grantType",
      "grantSizeBytes", "grantSha256", coalesce("grantMaxBytes", "sizeBytes") AS "maxBytes", "sizeBytes" AS "reservedBytes", "rule" FROM "File" WHERE "grantTokenHash" = $1`,
    values: [hashToken(token)],
  });
  const [grant] = rows;
  if (!grant) throw new AppError("NOT_FOUND");
  if (callerId !== null && callerId !== grant.uploaderId) throw new AppError("FORBIDDEN");
  const now = ctx.clock.now();
  const { status, claimExpiresAt } = grant;
  // The id lets a client whose answer was lost on the way go on, where it would else send the bytes once more.
  if (status === "ready") throw new AppError("UPLOAD_ALREADY_USED", { storageId: grant.id });
  if (status === "receiving" && claimExpiresAt && claimExpiresAt > now) {
    throw new AppError("UPLOAD_ALREADY_USED");
  }
  if (grant.grantExpiresAt <= now) throw new AppError("UPLOAD_EXPIRED");
  return grant;
}
