import type { Services } from "@fermata/server/internal";
import type { Env } from "../env";

export type Objects = Services["objects"];
export type MediaBucket = "media-public" | "media-private";

/** The S3 variables, all of them set. */
export interface S3Settings {
  endpoint: string;
  publicBucket: string;
  privateBucket: string;
  publicUrl: string;
  /** Origins whose pages upload. */
  origins: string[];
}

/** @returns null where bytes lie on the disk */
export function readS3Settings(env: Env): S3Settings | null {
  const { S3_ENDPOINT, S3_PUBLIC_BUCKET, S3_PRIVATE_BUCKET, S3_PUBLIC_URL } = env;
  if (!S3_ENDPOINT || !S3_PUBLIC_BUCKET || !S3_PRIVATE_BUCKET || !S3_PUBLIC_URL) return null;
  const own = env.FERMATA_PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`;
  return {
    endpoint: S3_ENDPOINT,
    publicBucket: S3_PUBLIC_BUCKET,
    privateBucket: S3_PRIVATE_BUCKET,
    publicUrl: `${S3_PUBLIC_URL.replace(/\/$/, "")}/${env.S3_KEY_PREFIX ?? ""}`.replace(/\/$/, ""),
    origins: [...new Set([own, ...env.FERMATA_ALLOWED_ORIGINS])],
  };
}

/** The variable that names a bucket, with its value. */
export function nameOf(bucket: "files" | MediaBucket, s3: S3Settings): string {
  return bucket === "media-public"
    ? `S3_PUBLIC_BUCKET (${s3.publicBucket})`
    : `S3_PRIVATE_BUCKET (${s3.privateBucket})`;
}
