import { resolve } from "node:path";
import { defaultBasePath } from "../../ground/base-path";
import { AppError } from "../../ground/errors";
import { tracedMethods } from "../../ground/tracing";
import type { Clock } from "../../ports/clock";
import type { ObjectStore, SignedRequest } from "../../ports/object-store";
import { adoptLayout } from "./disk/adopt-layout";
import { DiskFiles } from "./disk/disk-files";
import { DiskUploads } from "./disk/disk-uploads";
import { createEndpoint, type EndpointOptions, type ObjectAnswer } from "./disk/endpoint";
import { ObjectTree } from "./disk/object-tree";
import type { ObjectRequest } from "./disk/signed-request";
import {
  digestHeader,
  getTerms,
  objectUrl,
  partTerms,
  putTerms,
  signedUrl,
} from "./disk/signed-urls";
import { streamObject } from "./disk/stored-object";

export interface DiskObjectStoreOptions extends EndpointOptions {
  /** Made where it is missing. Everything the store keeps lies in it, on one file system. */
  dir: string;
}

export interface DiskObjectStore extends ObjectStore {
  /**
   * Serves `objects/*` below the base path: the URLs that this store signs, and the public ones.
   * @param requestId stands in the body of an error
   * @param origin where the caller reached this server; the request's own where it is left out
   */
  handle(request: Request, requestId?: string, origin?: string): Promise<Response>;
  /** The same from Node's request, with chunks that need no web stream. */
  answer(request: ObjectRequest, requestId: string): Promise<ObjectAnswer>;
}

/** An object store in a directory, behind URLs that the app itself signs and serves. It does what R2 does. */
export function createDiskObjectStore(options: DiskObjectStoreOptions): DiskObjectStore {
  const { secret, clock } = options;
  const dir = resolve(options.dir);
  adoptLayout(dir);
  const tree = new ObjectTree(dir);
  const [files, uploads] = [new DiskFiles(tree), new DiskUploads(tree)];
  const baseOf = (origin: string) => `${origin}${options.basePath ?? defaultBasePath}`;
  const expiryIn = (ttlSeconds: number) => expiryOf(clock, ttlSeconds);

  const store: DiskObjectStore = {
    ...createEndpoint({ files, uploads }, options),
    partChecksum: "sha256",
    leastPartBytes: 1024 * 1024,
    tellsOfParts: options.onPart !== undefined,
    keepsCutParts: true,
    comparesDigests: true,
    etagIsMd5: false,
    completesWithLast: options.completeWithLast !== undefined,
    isServedHere: true,
    takesBackGrants: options.stateOf !== undefined,

    async put(bucket, key, body, { hashed, sizeBytes: _, ...facts }) {
      const object = await files.put(bucket, key, body, facts, hashed ?? null);
      if (!object) throw new AppError("CONFLICT", { reason: "the object exists" });
      const { etag, sizeBytes } = object;
      return { etag, sizeBytes, ...(hashed && { [hashed]: etag.replaceAll('"', "") }) };
    },
    async head(bucket, key) {
      const found = await files.read(bucket, key);
      if (!found) return null;
      const { sizeBytes, contentType, etag } = found.object;
      return { sizeBytes, contentType, etag };
    },
    async describe(bucket, key) {
      const found = await files.read(bucket, key);
      if (!found) return null;
      const { sizeBytes, contentType, etag, contentDisposition, label, modifiedAt } = found.object;
      return {
        ...{ sizeBytes, contentType, etag, modifiedAt },
        contentDisposition: contentDisposition ?? null,
        label: label ?? null,
      };
    },
    async get(bucket, key, range) {
      const found = await files.read(bucket, key);
      if (!found) return null;
      const { sizeBytes, contentType, etag } = found.object;
      if (range && range.start >= sizeBytes) throw new AppError("INVALID_INPUT", { sizeBytes });
      const inside = range && { start: range.start, end: Math.min(range.end, sizeBytes - 1) };
      return { sizeBytes, contentType, etag, body: streamObject(found.dir, found.object, inside) };
    },
    copy: (from, to, key) => files.copy(from, to, key),
    copyPatched: (from, to, key, patches) => files.copyPatched(from, to, key, patches),
    delete: (bucket, key) => files.delete(bucket, key),
    list: (bucket, page) => files.list(bucket, page),
    readMarks: async () => [await files.readMark()],
    writeMarks: (text) => files.writeMark(text),

    async signPut(grant) {
      return {
        url: signedUrl(baseOf(grant.origin), secret, putTerms(grant, expiryIn(grant.ttlSeconds))),
        method: "PUT",
        headers: {
          "content-type": grant.contentType,
          "if-none-match": "*",
          ...(grant.contentDisposition && { "content-disposition": grant.contentDisposition }),
          ...(grant.md5 && { "content-md5": grant.md5 }),
        },
      };
    },
    async signGet({ bucket, key, expiresAt, origin, ...as }) {
      const expires = String(Math.floor(expiresAt.getTime() / 1000));
      return signedUrl(baseOf(origin), secret, getTerms(bucket, key, expires, as));
    },
    publicUrl: (key, origin) => objectUrl(baseOf(origin), "media-public", key).toString(),

    createMultipartUpload: (bucket, key, facts) => uploads.createUpload(bucket, key, facts),
    async signParts(grants) {
      return grants.map((grant): SignedRequest => {
        const terms = partTerms(grant, expiryIn(grant.ttlSeconds));
        const headers = {
          ...(grant.md5 && { "content-md5": grant.md5 }),
          ...(grant.sha256 && { digest: digestHeader(grant.sha256) }),
        };
        return { url: signedUrl(baseOf(grant.origin), secret, terms), method: "PUT", headers };
      });
    },
    async completeMultipartUpload(bucket, key, uploadId, parts) {
      const { etag } = await uploads.completeUpload({ bucket, key, uploadId }, parts);
      return { etag };
    },
    listMultipartUploads: (bucket, page) => uploads.listUploads(bucket, page),
    abortMultipartUpload: (bucket, key, uploadId) => uploads.abortUpload({ bucket, key, uploadId }),
  };
  return tracedMethods("store", store, [
    "put",
    "head",
    "describe",
    "get",
    "copy",
    "copyPatched",
    "delete",
    "list",
    "createMultipartUpload",
    "completeMultipartUpload",
    "abortMultipartUpload",
  ]);
}

function expiryOf(clock: Clock, ttlSeconds: number): string {
  return String(Math.floor(clock.now().getTime() / 1000) + ttlSeconds);
}
