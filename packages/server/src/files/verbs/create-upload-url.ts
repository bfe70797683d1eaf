import { type files, limits } from "@fermata/contract";
import type { z } from "zod";
import { cleanFilename } from "../../bytes/clean-filename";
import { quotaOf, subjectColumn } from "../../bytes/quota-of";
import { withinQuota } from "../../bytes/within-quota";
import type { UserContext } from "../../context";
import { hashToken, newId, newToken } from "../../ground/secrets";
import { requireRule, ruleColumns } from "../../uploads/require-rule";
import { signQuarantinePut } from "../receiving/quarantine";
import { rememberGrant } from "../receiving/remembered-grants";
import { readClaimedType } from "../types/accepted-types";

/**
 * Grants one upload of at most 5 MiB, within the hour, to whoever has the URL. The row comes before the grant and reserves
 * its bytes. By a rule of the app's own the bounds are the rule's. Where a body of that size would not reach this server, the
 * bytes may go to the store first.
 * @throws AppError QUOTA_EXCEEDED, UNSUPPORTED_MEDIA_TYPE; by a rule also FORBIDDEN, INVALID_INPUT, PAYLOAD_TOO_LARGE
 */
export async function createUploadUrl(
  ctx: UserContext,
  input: z.output<typeof files.generateUploadUrl.input>,
): Promise<z.input<typeof files.generateUploadUrl.output>> {
  const { userId } = ctx.identity;
  const grantType = readClaimedType(input.contentType);
  const announced = {
    filename: input.filename ?? null,
    contentType: grantType,
    sizeBytes: input.sizeBytes ?? null,
  };
  const rule =
    input.as === undefined
      ? null
      : await requireRule(ctx, { kind: "file", as: input.as, input: input.input }, announced);
  const maxBytes = input.sizeBytes ?? rule?.maxBytes ?? limits.files.maxBytes;
  const token = newToken("fmu");
  const now = ctx.clock.now();
  const expiresAt = new Date(now.getTime() + limits.files.grantSeconds * 1000);
  const quota = quotaOf(ctx, ctx.identity, "files");

  const grant = await withinQuota(ctx, quota, (tx) =>
    tx.file.create({
      data: {
        id: newId(),
        objectKey: newId(),
        uploaderId: userId,
        ...subjectColumn(quota, userId),
        filename: input.filename && cleanFilename(input.filename),
        sizeBytes: maxBytes,
        createdAt: now,
        grantTokenHash: hashToken(token),
        grantExpiresAt: expiresAt,
        grantType,
        grantSizeBytes: input.sizeBytes,
        grantSha256: input.sha256?.toLowerCase(),
        grantQuotaBytes: Math.min(quota.quotaBytes, Number.MAX_SAFE_INTEGER),
        ...ruleColumns(rule),
      },
      select: {
        id: true,
        uploaderId: true,
        status: true,
        objectKey: true,
        filename: true,
        sizeBytes: true,
        grantExpiresAt: true,
        claimExpiresAt: true,
        grantType: true,
        grantSizeBytes: true,
        grantSha256: true,
        rule: true,
      },
    }),
  );
  rememberGrant(ctx, token, { ...grant, maxBytes, reservedBytes: grant.sizeBytes });
  const url = new URL(`${ctx.config.basePath}/files/upload/${token}`, ctx.origin).toString();
  const put = await putBeside(ctx, token, input);
  const { maxBodyBytes } = ctx.config;
  return {
    url,
    expiresAt: expiresAt.toISOString(),
    maxBytes: put || !maxBodyBytes ? maxBytes : Math.min(maxBytes, maxBodyBytes),
    storageId: grant.id,
    ...(put && { put }),
  };
}

/** Where bytes need not pass through this server, and whoever asks wants it so. */
async function putBeside(
  ctx: UserContext,
  token: string,
  { direct, sizeBytes, contentType }: z.output<typeof files.generateUploadUrl.input>,
) {
  if (!direct || sizeBytes === undefined || ctx.objects.isServedHere) return null;
  return signQuarantinePut(ctx, token, {
    contentType: contentType ?? "application/octet-stream",
    sizeBytes,
    ttlSeconds: limits.files.grantSeconds,
  });
}
