import { limits } from "@fermata/contract";
import type { ObjectStore } from "../../../ports/object-store";

export interface S3ObjectStoreConfig {
  endpoint: string;
  /** R2 says `auto`. */
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** The bucket in the path, not in the host name: what R2, MinIO and Ceph expect. Default: true. */
  forcePathStyle?: boolean;
  /** The one that `publicBaseUrl` reads. */
  publicBucket: string;
  /** No domain reaches it. */
  privateBucket: string;
  /** Where files lie; without it, in the private bucket under `files/`. */
  filesBucket?: string;
  /** The media domain over the public bucket. */
  publicBaseUrl: string;
  /** A folder, `name/`, in which all of it lies: one pair of buckets holds several installations. Left out: the root. */
  keyPrefix?: string;
}

export interface ObjectPlace {
  bucket: string;
  key: string;
}

/** The unsigned address of a public object. */
export function publicUrlIn(
  { publicBaseUrl, keyPrefix = "" }: S3ObjectStoreConfig,
  key: string,
): string {
  return `${publicBaseUrl.replace(/\/$/, "")}/${keyPrefix}${key}`;
}

/** What is so of every S3 server, before any is asked. */
export const s3Traits = {
  // No S3 server that was tried compares a SHA-256 with the bytes.
  partChecksum: "md5",
  leastPartBytes: limits.storage.minPartBytes,
  tellsOfParts: false,
  keepsCutParts: false,
  comparesDigests: false,
  completesWithLast: false,
  takesBackGrants: false,
  isServedHere: false,
} as const satisfies Partial<ObjectStore>;
