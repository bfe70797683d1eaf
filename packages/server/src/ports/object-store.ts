import type { BytePatch } from "../bytes/byte-patches";

/** Where bytes lie. `files` and `media-private` are reached only through signed URLs; `media-public` has a public address. */
export type BucketName = "files" | "media-public" | "media-private";

export interface ObjectInfo {
  sizeBytes: number;
  contentType: string;
  /** Opaque, with its quotes, as in the header. */
  etag: string;
}

/** What an object says of itself to whoever finds it without its row. */
export interface ObjectDescription extends ObjectInfo {
  contentDisposition: string | null;
  /** As it was given when the object was made. */
  label: string | null;
  modifiedAt: Date;
}

export interface ByteRange {
  /** First byte, counted from zero. */
  start: number;
  /** Last byte, inclusive. */
  end: number;
}

export interface SignedRequest {
  url: string;
  method: "PUT";
  /** To be sent exactly as they are: they are signed. Content-Length is signed too; every client sends it by itself. */
  headers: Record<string, string>;
}

export interface PutFacts {
  contentType: string;
  contentDisposition?: string;
  /** As `PutGrant` has it. */
  label?: string;
  /** The checksum of the bytes that is told in the end, and is their ETag on the disk. A store elsewhere compares, and tells, an MD5. */
  hashed?: PartChecksum;
  /** Where it is known beforehand, a store elsewhere may be sent to while the bytes still come. */
  sizeBytes?: number;
}

export interface PutReceipt {
  etag: string;
  sizeBytes: number;
  /** Hexadecimal, as is the SHA-256; one of them is there where it was asked for. */
  md5?: string;
  sha256?: string;
}

export interface PutGrant {
  bucket: BucketName;
  key: string;
  contentType: string;
  /** Signed when given: a body of another length is refused. */
  sizeBytes?: number;
  /** Base64, checked by the store. */
  md5?: string;
  contentDisposition?: string;
  /** Kept with the object where the store takes it by a signed URL: printable ASCII, at most 200 characters. */
  label?: string;
  ttlSeconds: number;
  /** Where this server is reached, for stores that it serves itself. */
  origin: string;
}

export interface PartGrant {
  bucket: BucketName;
  key: string;
  uploadId: string;
  partNumber: number;
  /** The exact length of this part. */
  sizeBytes: number;
  /** Base64, checked by the store. */
  md5?: string;
  /** Hex, in place of an MD5, and only for a store whose `partChecksum` it is. */
  sha256?: string;
  ttlSeconds: number;
  origin: string;
}

export type PartChecksum = "md5" | "sha256";

export interface CompletedPart {
  partNumber: number;
  etag: string;
}

export interface ListedObject {
  key: string;
  sizeBytes: number;
  modifiedAt: Date;
  /** What a process that was killed left of an object: it can be deleted, and nothing reads it. */
  isPart?: true;
}

/**
 * Bytes by key. Every method works on every adapter; one conformance suite says what each must do.
 * A store that cannot be reached throws AppError UPSTREAM_UNAVAILABLE.
 */
export interface ObjectStore {
  /** What it should be given to compare a part's bytes with. Every store takes an MD5. */
  readonly partChecksum: PartChecksum;
  /** The least that a part may hold which is not the last. */
  readonly leastPartBytes: number;
  /** Whether it tells the server of each part that it took, before the part's sender hears of it. */
  readonly tellsOfParts: boolean;
  /** Whether what came of a part whose connection was cut is kept, and told by `Upload-Offset`. */
  readonly keepsCutParts: boolean;
  /** Whether a part whose URL was signed without a checksum may bring one, as `Digest: sha-256=…` or `Content-MD5`. */
  readonly comparesDigests: boolean;
  /**
   * Whether a part's ETag is the MD5 of its bytes, by all that was heard of the store until now: then whoever sends it can
   * compare it in the end. Not where it may be something else when another was asked for.
   */
  readonly etagIsMd5: boolean;
  /** Whether the PUT of a part with `Upload-Complete: ?1` completes the upload where it was the last one missing. */
  readonly completesWithLast: boolean;
  /** Whether a grant ends with its upload. Elsewhere it takes bytes until it expires, whatever has become of the row. */
  readonly takesBackGrants: boolean;
  /** Whether this server serves it: then bytes pass through here in any case. */
  readonly isServedHere: boolean;

  /**
   * Stores a whole small object (at most a few MiB), or nothing when `body` throws. Bytes that are all there cost less.
   * @throws AppError CONFLICT when the key is taken: nothing is ever overwritten
   */
  put(
    bucket: BucketName,
    key: string,
    body: AsyncIterable<Uint8Array> | Uint8Array,
    facts: PutFacts,
  ): Promise<PutReceipt>;
  head(bucket: BucketName, key: string): Promise<ObjectInfo | null>;
  describe(bucket: BucketName, key: string): Promise<ObjectDescription | null>;
  /** @param range begins within the object; what lies beyond the end is left out */
  get(
    bucket: BucketName,
    key: string,
    range?: ByteRange,
  ): Promise<(ObjectInfo & { body: ReadableStream<Uint8Array> }) | null>;
  /**
   * The same object under the same key in another bucket, from where it stays too. One that is there already is success.
   * @returns whether there was anything to copy; objects up to 5 GiB
   */
  copy(from: BucketName, to: BucketName, key: string): Promise<boolean>;
  /**
   * The same object under the same key in another bucket, with other bytes in some places; over what stood there.
   * @returns what it has become; null where there was nothing to copy
   */
  copyPatched(
    from: BucketName,
    to: BucketName,
    key: string,
    patches: BytePatch[],
  ): Promise<ObjectInfo | null>;
  /** Deleting what is not there is success. */
  delete(bucket: BucketName, key: string): Promise<void>;
  /** Every key once, in an order of the store's own, for sweeps. */
  list(
    bucket: BucketName,
    page: { cursor?: string; limit: number },
  ): Promise<{
    items: ListedObject[];
    nextCursor: string | null;
  }>;

  /**
   * What each place that it is made of (a bucket, the disk's directory) says about whose it is; null where it says nothing.
   * The names of these notes are no keys.
   */
  readMarks(): Promise<(string | null)[]>;
  /** Says it in each place, over what stood there. */
  writeMarks(text: string): Promise<void>;

  /** A grant for one PUT that creates the object and can overwrite nothing. */
  signPut(grant: PutGrant): Promise<SignedRequest>;
  signGet(request: {
    bucket: BucketName;
    key: string;
    contentDisposition?: string;
    contentType?: string;
    /** What browsers are told, where the store would tell them nothing. */
    cacheControl?: string;
    /** An absolute instant, at most a day ahead: the same one gives the same URL. */
    expiresAt: Date;
    origin: string;
  }): Promise<string>;
  /** The unsigned address of an object in `media-public`. */
  publicUrl(key: string, origin: string): string;

  createMultipartUpload(
    bucket: BucketName,
    key: string,
    facts: { contentType: string; contentDisposition?: string; label?: string },
  ): Promise<string>;
  /** @throws AppError INVALID_INPUT for a checksum that this store does not compare */
  signParts(grants: PartGrant[]): Promise<SignedRequest[]>;
  /**
   * Makes one object of the parts; until then there is none. Again, it may be answered as the first time.
   * @throws AppError UPLOAD_INCOMPLETE when a part is missing or another than named, NOT_FOUND without such an upload
   */
  completeMultipartUpload(
    bucket: BucketName,
    key: string,
    uploadId: string,
    parts: CompletedPart[],
  ): Promise<{ etag: string }>;
  /** Every open upload once, for sweeps; null where the store cannot list them. */
  listMultipartUploads(
    bucket: BucketName,
    page: { cursor?: string; limit: number },
  ): Promise<{
    items: { key: string; uploadId: string; startedAt: Date }[];
    nextCursor: string | null;
  } | null>;
  /** Aborting what is not there is success. */
  abortMultipartUpload(bucket: BucketName, key: string, uploadId: string): Promise<void>;
}
