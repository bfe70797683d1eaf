import type { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import type { BackupPlace } from "./place";

/** Of what does not fit in one: with the 10,000 parts that stores allow, objects of 320 GB. */
const partBytes = 32 * 1024 * 1024;
const partsAtOnce = 2;

type Variables = Record<string, string | undefined>;

/**
 * A prefix of a bucket: of the store that `BACKUP_S3_*` name, or of the installation's own, in a bucket beside its others.
 * @throws Error naming what is missing
 */
export function createS3Place(url: string, env: Variables): BackupPlace {
  const [, Bucket = "", rest = ""] = /^s3:\/\/([^/]+)\/?(.*)$/i.exec(url) ?? [];
  const prefix = rest.replace(/\/+$/, "");
  if (!Bucket || !prefix) throw new Error(`${url} names no folder in a bucket: s3://bucket/folder`);
  const isOwnBucket = [env.S3_PUBLIC_BUCKET, env.S3_PRIVATE_BUCKET].includes(Bucket);
  if (isOwnBucket && !env.BACKUP_S3_ENDPOINT) {
    throw new Error(
      `${Bucket} is a bucket of this installation, whose sweeps delete what they do not know: a backup needs a bucket of its own.`,
    );
  }
  const client = new S3Client(settings(env));
  const keyOf = (path: string) => `${prefix}/${path}`;
  return {
    name: `s3://${Bucket}/${prefix}`,
    isReadBack: false,
    async sizes(folder) {
      const sizes = new Map<string, number>();
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix: `${keyOf(folder)}/`, ContinuationToken }),
        );
        for (const { Key = "", Size = 0 } of page.Contents ?? [])
          sizes.set(Key.slice(prefix.length + 1), Size);
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
      return sizes;
    },
    async write(path, body) {
      const upload = new Upload({
        client,
        params: { Bucket, Key: keyOf(path), Body: body },
        partSize: partBytes,
        queueSize: partsAtOnce,
      });
      await upload.done();
    },
    async read(path) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(path) }));
        return (Body as Readable | undefined) ?? null;
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw error;
      }
    },
    async remove(path) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: keyOf(path) }));
    },
  };
}

function settings(env: Variables) {
  // A store of its own has keys of its own.
  const given = (name: string) => env[`${env.BACKUP_S3_ENDPOINT ? "BACKUP_S3" : "S3"}_${name}`];
  const [endpoint, accessKeyId, secretAccessKey] = [
    "ENDPOINT",
    "ACCESS_KEY_ID",
    "SECRET_ACCESS_KEY",
  ].map((name) => {
    const value = given(name);
    if (value) return value;
    throw new Error(`For a backup in a bucket, set BACKUP_S3_${name}.`);
  }) as [string, string, string];
  return {
    endpoint,
    region: given("REGION") || "auto",
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: !["0", "false"].includes(env.S3_FORCE_PATH_STYLE ?? ""),
    // The SDK's default sends trailing checksums that R2 and others refuse.
    requestChecksumCalculation: "WHEN_REQUIRED" as const,
    responseChecksumValidation: "WHEN_REQUIRED" as const,
  };
}
