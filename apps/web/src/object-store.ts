import { resolve } from "node:path";
import { diskStore, type StoreFactory, s3Store } from "@fermata/server/stores";
import type { Env } from "./env";

/** S3 where it is configured, else a directory beside the other data. */
export function chooseStore(env: Env): StoreFactory {
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
    return s3Store({
      endpoint,
      region: env.S3_REGION,
      accessKeyId,
      secretAccessKey,
      forcePathStyle: env.S3_FORCE_PATH_STYLE,
      publicBucket,
      privateBucket,
      publicBaseUrl,
      ...(env.S3_KEY_PREFIX && { keyPrefix: env.S3_KEY_PREFIX }),
    });
  }
  return diskStore({ directory: resolve(env.FERMATA_DATA, "objects") });
}
