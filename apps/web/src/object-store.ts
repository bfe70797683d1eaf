import { resolve } from "node:path";
import { recordPart, type Services, uploadState } from "@fermata/server";
import {
  createDiskObjectStore,
  type DiskObjectStore,
} from "@fermata/server/adapters/object-store/disk";
import { createS3ObjectStore } from "@fermata/server/adapters/object-store/s3";
import type { Env } from "./env";

interface OpenStore {
  name: "disk" | "s3";
  objects: Services["objects"];
  /** Serves `/api/objects/*` where the bytes are ours to serve. */
  disk: Pick<DiskObjectStore, "handle" | "answer"> | null;
}

/** S3 where it is configured, else a directory beside the other data. */
export function openObjectStore(
  env: Env,
  database: Pick<Services, "db" | "pool" | "clock">,
): OpenStore {
  const {
    S3_ENDPOINT: endpoint,
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
    S3_PUBLIC_BUCKET: publicBucket,
    S3_PRIVATE_BUCKET: privateBucket,
    S3_PUBLIC_URL: publicBaseUrl,
  } = env;
  if (
    endpoint &&
    accessKeyId &&
    secretAccessKey &&
    publicBucket &&
    privateBucket &&
    publicBaseUrl
  ) {
    const objects = createS3ObjectStore({
      endpoint,
      region: env.S3_REGION,
      accessKeyId,
      secretAccessKey,
      forcePathStyle: env.S3_FORCE_PATH_STYLE,
      publicBucket,
      privateBucket,
      publicBaseUrl,
    });
    return { name: "s3", objects, disk: null };
  }
  const disk = createDiskObjectStore({
    dir: resolve(env.FERMATA_DATA, "objects"),
    secret: env.FERMATA_SECRET,
    clock: database.clock,
    onPart: (part) => recordPart(database, part),
    stateOf: (upload) => uploadState(database, upload),
  });
  return { name: "disk", objects: disk, disk };
}
