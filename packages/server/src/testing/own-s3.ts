import type { S3ObjectStoreConfig } from "../adapters/object-store/s3";

/** The store of whoever runs the tests, by `FERMATA_TEST_S3_*`; null for the simulator. Two buckets of its own, for nothing else. */
export function ownS3(): S3ObjectStoreConfig | null {
  const said = (name: string) => process.env[`FERMATA_TEST_S3_${name}`];
  const endpoint = said("ENDPOINT");
  if (!endpoint) return null;
  const required = (name: string) => {
    const value = said(name);
    if (!value) throw new Error(`FERMATA_TEST_S3_ENDPOINT wants FERMATA_TEST_S3_${name}, too`);
    return value;
  };
  return {
    endpoint,
    region: said("REGION") ?? "auto",
    accessKeyId: required("ACCESS_KEY_ID"),
    secretAccessKey: required("SECRET_ACCESS_KEY"),
    publicBucket: required("PUBLIC_BUCKET"),
    privateBucket: required("PRIVATE_BUCKET"),
    forcePathStyle: said("FORCE_PATH_STYLE") !== "0",
    publicBaseUrl: "https://media.example.com",
  };
}
