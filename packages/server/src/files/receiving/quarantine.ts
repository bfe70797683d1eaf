import { createHash } from "node:crypto";
import type { Body } from "../../bytes/read-body";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { fromPrisma } from "../../ground/transaction";
import { queueBytes } from "../../outbox/queue-bytes";
import type { SignedRequest } from "../../ports/object-store";

/** What receiving needs of a request: a `Request` has it, and Node's own gives it without becoming one. */
export interface PostedFile {
  headers: { get(name: string): string | null };
  body: Body;
}

/** A PUT that began in time may end a little late. */
const graceSeconds = 120;

/**
 * Where, in the private bucket, the bytes of one grant lie until they are looked at, when they cannot come with the request: a key in the form of
 * all keys, that nobody can tell from the grant but its holder.
 */
function quarantineKey(token: string): string {
  return createHash("sha256")
    .update(`quarantine ${token}`)
    .digest()
    .subarray(0, 16)
    .toString("base64url");
}

/** A PUT of exactly this type and length to the store, for a grant. Whatever comes of it is deleted once the URL is over. */
export async function signQuarantinePut(
  ctx: Pick<Services, "objects" | "db" | "clock"> & { origin: string },
  token: string,
  {
    contentType,
    sizeBytes,
    ttlSeconds,
  }: { contentType: string; sizeBytes: number; ttlSeconds: number },
): Promise<Pick<SignedRequest, "url" | "headers">> {
  const key = quarantineKey(token);
  const now = ctx.clock.now();
  await queueBytes(fromPrisma(ctx.db), {
    bucket: "media-private",
    objectKey: key,
    createdAt: now,
    notBefore: new Date(now.getTime() + (ttlSeconds + graceSeconds) * 1000),
  });
  const { url, headers } = await ctx.objects.signPut({
    bucket: "media-private",
    key,
    contentType,
    sizeBytes,
    ttlSeconds,
    origin: ctx.origin,
  });
  return { url, headers };
}

/** Whether a request to an upload URL means bytes that were put before. */
export function meansQuarantine({ headers }: PostedFile): boolean {
  return headers.get("x-fermata-stored") === "1";
}

/**
 * The request as it would be with those bytes in it, for the same verification. They are gone after it, whatever it found:
 * what was refused can be put again.
 * @throws AppError UPLOAD_INCOMPLETE when there are none
 */
export async function withQuarantined<T>(
  ctx: Pick<Services, "objects" | "log">,
  { request, token }: { request: PostedFile; token: string },
  work: (request: PostedFile) => Promise<T>,
): Promise<T> {
  const key = quarantineKey(token);
  const object = await ctx.objects.get("media-private", key);
  if (!object) throw new AppError("UPLOAD_INCOMPLETE", { reason: "nothing was put in the store" });
  const length = String(object.sizeBytes);
  const headers = {
    get: (name: string) => (name === "content-length" ? length : request.headers.get(name)),
  };
  try {
    return await work({ headers, body: object.body });
  } finally {
    // It stands in the outbox, too.
    await ctx.objects.delete("media-private", key).catch((err) => {
      ctx.log.warn({ err, key }, "bytes that were looked at wait for the outbox");
    });
  }
}
