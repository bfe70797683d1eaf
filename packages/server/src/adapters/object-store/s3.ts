import type { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { publicCacheControl } from "../../bytes/cache-control";
import { AppError } from "../../ground/errors";
import { newId } from "../../ground/secrets";
import type { BucketName, ObjectStore, SignedRequest } from "../../ports/object-store";
import { completeParts } from "./s3/complete-parts";
import { type ObjectPlace, publicUrlIn, type S3ObjectStoreConfig, s3Traits } from "./s3/config";
import { copyPatched } from "./s3/copy-patched";
import { collectWhole, EarlyPut } from "./s3/early-put";
import { createPresigner } from "./s3/presigner";
import { createSender, isRefusal } from "./s3/sender";
import { toldBody } from "./s3/told-body";

export type { S3ObjectStoreConfig };

const longSeconds = 300;
const putSeconds = 60;
/** In the metadata: whose it is. A signed PUT cannot carry it: each bucket's CORS rule would have to allow the header. */
const labelName = "fermata-label";
/** Names the call that put an object, in its metadata. */
const attemptName = "fermata-attempt";
/** The MD5 of MD5s, and how many. */
const etagOfParts = /^"[0-9a-f]{32}-\d+"$/;
/** In each bucket, at the root of what is ours there: whose it is. No key has a dot. */
const markName = "fermata-installation.json";

/** Any S3 with conditional PUT (`If-None-Match: *`): docs/provision-r2.md says which have it. */
export function createS3ObjectStore(config: S3ObjectStoreConfig): ObjectStore {
  const client = new S3Client({
    endpoint: config.endpoint,
    region: config.region,
    forcePathStyle: config.forcePathStyle ?? true,
    credentials: { accessKeyId: config.accessKeyId, secretAccessKey: config.secretAccessKey },
    // The SDK's default sends trailing CRC32s that R2 and others refuse or store as data.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: { connectionTimeout: 5_000 },
    // A store that does not answer the question would be waited for six seconds, and one that does costs a round trip.
    expectContinueHeader: false,
  });
  const send = createSender(client);
  const presigner = createPresigner(client, config);

  /** Whether ETags are MD5s: not where a store encrypts with keys of its own. */
  let tellsMd5 = true;
  const { keyPrefix = "" } = config;
  const markKey = `${keyPrefix}${markName}`;

  function place(bucket: BucketName, name: string): ObjectPlace {
    const key = `${keyPrefix}${name}`;
    if (bucket === "media-public") return { bucket: config.publicBucket, key };
    if (bucket === "media-private") return { bucket: config.privateBucket, key };
    if (config.filesBucket) return { bucket: config.filesBucket, key };
    return { bucket: config.privateBucket, key: `${keyPrefix}files/${name}` };
  }
  const { publicBucket, privateBucket, filesBucket = privateBucket } = config;
  const buckets = [...new Set([publicBucket, privateBucket, filesBucket])];
  const at = (bucket: BucketName, key: string) => {
    const { bucket: name, key: path } = place(bucket, key);
    return { Bucket: name, Key: path };
  };

  /** A copy takes over what its source says, and so nothing about caches, unless all of it is said anew. */
  async function readAnew(from: BucketName, to: BucketName, key: string) {
    const cached = cachedFor(to);
    if (!cached.CacheControl) return {};
    const { ContentType, ContentDisposition, Metadata } = await send(
      new HeadObjectCommand(at(from, key)),
    );
    const facts = { ContentType, ContentDisposition, Metadata, ...cached };
    return { ...facts, MetadataDirective: "REPLACE" as const };
  }

  return {
    ...s3Traits,

    get etagIsMd5() {
      return tellsMd5;
    },

    async put(bucket, key, body, facts) {
      const attempt = newId();
      const put = (bytes: Buffer | Readable, length: number, md5?: string | null) =>
        new PutObjectCommand({
          ...at(bucket, key),
          Metadata: { [attemptName]: attempt, ...(facts.label && { [labelName]: facts.label }) },
          ...(md5 && { ContentMD5: md5 }),
          Body: bytes,
          ContentLength: length,
          ContentType: facts.contentType,
          ContentDisposition: facts.contentDisposition,
          ...cachedFor(bucket),
          IfNoneMatch: "*",
        });
      const { sizeBytes: saidBytes } = facts;
      const hashed = facts.hashed !== undefined;
      const early =
        hashed && saidBytes && tellsMd5
          ? new EarlyPut(saidBytes, (stream, signal) =>
              send(put(stream, saidBytes), putSeconds, signal),
            )
          : null;
      const { sizeBytes, whole, md5, etag } = await collectWhole(body, hashed, early);
      const receipt = (etag: string) => ({
        etag,
        sizeBytes,
        ...(md5 && { md5: md5.toString("hex") }),
      });
      if (etag === `"${md5?.toString("hex")}"`) return receipt(etag);
      // Where ETags are none, nothing else tells that what was sent on its way is what is there.
      if (etag) {
        tellsMd5 = false;
        await this.delete(bucket, key);
      }
      const command = put(whole(), sizeBytes, md5?.toString("base64"));
      try {
        const { ETag = "" } = await send(command, putSeconds);
        return receipt(ETag);
      } catch (error) {
        // Some stores say 409 while the first try is still under way.
        if (!isRefusal(error, 412) && !isRefusal(error, 409)) throw error;
        // A try whose answer was lost is repeated, and then meets its own object.
        const found = await send(new HeadObjectCommand(at(bucket, key)));
        if (found.Metadata?.[attemptName] !== attempt || found.ContentLength !== sizeBytes) {
          throw new AppError("CONFLICT", { reason: "the object exists" });
        }
        return receipt(found.ETag ?? "");
      }
    },

    async head(bucket, key) {
      try {
        const found = await send(new HeadObjectCommand(at(bucket, key)));
        return toInfo(found, found.ContentLength ?? 0);
      } catch (error) {
        if (isRefusal(error, 404)) return null;
        throw error;
      }
    },

    async describe(bucket, key) {
      try {
        const found = await send(new HeadObjectCommand(at(bucket, key)));
        return {
          ...toInfo(found, found.ContentLength ?? 0),
          contentDisposition: found.ContentDisposition ?? null,
          label: found.Metadata?.[labelName] ?? null,
          modifiedAt: found.LastModified ?? new Date(0),
        };
      } catch (error) {
        if (isRefusal(error, 404)) return null;
        throw error;
      }
    },

    async get(bucket, key, range) {
      const Range = range && `bytes=${range.start}-${range.end}`;
      try {
        const found = await send(new GetObjectCommand({ ...at(bucket, key), Range }));
        if (!found.Body) return null;
        const total = /\/(\d+)$/.exec(found.ContentRange ?? "")?.[1];
        const info = toInfo(found, Number(total ?? found.ContentLength ?? 0));
        return { ...info, body: toldBody(found.Body.transformToWebStream()) };
      } catch (error) {
        if (isRefusal(error, 404)) return null;
        if (isRefusal(error, 416)) throw new AppError("INVALID_INPUT", { range: Range });
        throw error;
      }
    },

    async copy(from, to, key) {
      const source = place(from, key);
      const CopySource = `${source.bucket}/${source.key}`;
      try {
        await send(
          new CopyObjectCommand({ ...at(to, key), CopySource, ...(await readAnew(from, to, key)) }),
          longSeconds,
        );
        return true;
      } catch (error) {
        if (!isRefusal(error, 404)) throw error;
        return (await this.head(to, key)) !== null;
      }
    },

    async copyPatched(from, to, key, patches) {
      const [source, target] = [at(from, key), at(to, key)];
      try {
        const found = await send(new HeadObjectCommand(source));
        const etag = await copyPatched(send, source, target, found, patches, cachedFor(to));
        return { ...toInfo(found, found.ContentLength ?? 0), etag };
      } catch (error) {
        if (isRefusal(error, 404)) return null;
        throw error;
      }
    },

    async delete(bucket, key) {
      try {
        await send(new DeleteObjectCommand(at(bucket, key)));
      } catch (error) {
        if (!isRefusal(error, 404)) throw error;
      }
    },

    async list(bucket, page) {
      const { bucket: Bucket, key: Prefix } = place(bucket, "");
      const listed = await send(
        new ListObjectsV2Command({
          Bucket,
          Prefix,
          // Files may share the private bucket, one level down.
          Delimiter: "/",
          MaxKeys: page.limit,
          ContinuationToken: page.cursor,
        }),
      );
      const keys = (listed.Contents ?? []).filter(({ Key }) => Key !== markKey);
      const items = keys.map((found) => ({
        key: (found.Key ?? "").slice(Prefix.length),
        sizeBytes: found.Size ?? 0,
        modifiedAt: found.LastModified ?? new Date(0),
      }));
      return { items, nextCursor: listed.NextContinuationToken ?? null };
    },

    readMarks: () =>
      Promise.all(
        buckets.map(async (Bucket) => {
          try {
            const found = await send(new GetObjectCommand({ Bucket, Key: markKey }));
            if (!found.Body) return null;
            return await new Response(toldBody(found.Body.transformToWebStream())).text();
          } catch (error) {
            if (isRefusal(error, 404) && error.name !== "NoSuchBucket") return null;
            throw error;
          }
        }),
      ),

    async writeMarks(text) {
      const facts = { Key: markKey, Body: text, ContentType: "application/json" };
      await Promise.all(
        buckets.map((Bucket) => send(new PutObjectCommand({ Bucket, ...facts }), putSeconds)),
      );
    },

    async signPut(grant) {
      const headers = {
        "content-type": grant.contentType,
        "if-none-match": "*",
        ...(grant.contentDisposition && { "content-disposition": grant.contentDisposition }),
        ...(grant.md5 && { "content-md5": grant.md5 }),
      };
      const url = await presigner.put(
        place(grant.bucket, grant.key),
        {},
        withLength(headers, grant.sizeBytes),
        grant.ttlSeconds,
      );
      return { url, method: "PUT", headers };
    },

    signGet({ bucket, key, expiresAt, contentDisposition, contentType, cacheControl }) {
      const query = {
        ...(contentDisposition && { "response-content-disposition": contentDisposition }),
        ...(contentType && { "response-content-type": contentType }),
        ...(cacheControl && { "response-cache-control": cacheControl }),
      };
      return presigner.get(place(bucket, key), query, expiresAt);
    },

    publicUrl: (key) => publicUrlIn(config, key),

    async createMultipartUpload(bucket, key, facts) {
      const { UploadId, ServerSideEncryption: encryption = "AES256" } = await send(
        new CreateMultipartUploadCommand({
          ...at(bucket, key),
          ContentType: facts.contentType,
          ContentDisposition: facts.contentDisposition,
          ...cachedFor(bucket),
          ...(facts.label && { Metadata: { [labelName]: facts.label } }),
        }),
      );
      if (!UploadId) throw new Error("the store named no upload");
      // AWS: with keys of KMS an ETag is no MD5, with its own it is one.
      if (encryption !== "AES256") tellsMd5 = false;
      return UploadId;
    },

    async signParts(grants) {
      const signed: SignedRequest[] = [];
      // One after the other: signing waits for nothing, and a thousand at once only cost memory.
      for (const { bucket, key, uploadId, partNumber, sizeBytes, ttlSeconds, ...sums } of grants) {
        if (sums.sha256) throw new AppError("INVALID_INPUT", { partNumber, checksum: "md5" });
        const headers: Record<string, string> = sums.md5 ? { "content-md5": sums.md5 } : {};
        const query = { partNumber: String(partNumber), uploadId };
        const exact = withLength(headers, sizeBytes);
        const url = await presigner.put(place(bucket, key), query, exact, ttlSeconds);
        signed.push({ url, method: "PUT", headers });
      }
      return signed;
    },

    async completeMultipartUpload(bucket, key, uploadId, parts) {
      const Parts = [...parts]
        .sort((a, b) => a.partNumber - b.partNumber)
        .map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag }));
      const upload = { ...at(bucket, key), UploadId: uploadId };
      try {
        const etag = await completeParts(send, upload, Parts, longSeconds);
        if (!etagOfParts.test(etag)) tellsMd5 = false;
        return { etag };
      } catch (error) {
        if (isRefusal(error, 404)) throw new AppError("NOT_FOUND", { reason: "no such upload" });
        if (isRefusal(error, 400)) {
          throw new AppError("UPLOAD_INCOMPLETE", { reason: error.name });
        }
        throw error;
      }
    },

    async listMultipartUploads(bucket, page) {
      const { bucket: Bucket, key: Prefix } = place(bucket, "");
      const [KeyMarker, UploadIdMarker] = page.cursor ? JSON.parse(page.cursor) : [];
      try {
        const listed = await send(
          new ListMultipartUploadsCommand({
            Bucket,
            Prefix,
            Delimiter: "/",
            MaxUploads: page.limit,
            KeyMarker,
            UploadIdMarker,
          }),
        );
        const items = (listed.Uploads ?? []).map(({ Key = "", UploadId = "", Initiated }) => ({
          key: Key.slice(Prefix.length),
          uploadId: UploadId,
          // Of one that does not say when it began nothing is known: it is taken for a new one.
          startedAt: Initiated ?? new Date(),
        }));
        const next = [listed.NextKeyMarker, listed.NextUploadIdMarker];
        return { items, nextCursor: listed.IsTruncated ? JSON.stringify(next) : null };
      } catch (error) {
        if (error instanceof AppError && error.details?.retry === false) return null;
        throw error;
      }
    },

    async abortMultipartUpload(bucket, key, uploadId) {
      try {
        await send(new AbortMultipartUploadCommand({ ...at(bucket, key), UploadId: uploadId }));
      } catch (error) {
        if (!isRefusal(error, 404)) throw error;
      }
    },
  };
}

function toInfo(found: { ContentType?: string; ETag?: string }, sizeBytes: number) {
  return {
    sizeBytes,
    contentType: found.ContentType ?? "application/octet-stream",
    etag: found.ETag ?? "",
  };
}

function withLength(headers: Record<string, string>, sizeBytes: number | undefined) {
  return sizeBytes === undefined ? headers : { ...headers, "content-length": String(sizeBytes) };
}

/** Private objects are told at each reading, by its URL. */
function cachedFor(bucket: BucketName): { CacheControl?: string } {
  return bucket === "media-public" ? { CacheControl: publicCacheControl } : {};
}
