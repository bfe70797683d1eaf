import { z } from "zod";
import {
  byRule,
  contentTypeSchema,
  filenameSchema,
  idSchema,
  instantSchema,
  pageInputSchema,
  pageOf,
  sha256Schema,
  sizeBytesSchema,
  textSchema,
} from "./common";
import { limits } from "./limits";

/** What refers to a file: which relation, and the row's id, or for `kept` the name that `files.keep` gave. */
export const fileOwnerSchema = z.object({ relation: z.string(), id: z.string() });

/** What is known of an image that can be decoded. */
export const fileImageSchema = z.object({
  /** In pixels, as displayed: after the orientation is applied. */
  width: z.number().int(),
  height: z.number().int(),
  /** EXIF's, 1 to 8: how the stored pixels are to be turned. */
  orientation: z.number().int(),
  /** A ThumbHash in base64: a blurred placeholder of some 25 bytes. */
  thumbHash: z.string(),
});

export const fileMetadataSchema = z.object({
  storageId: idSchema,
  filename: z.string().nullable(),
  contentType: z.string(),
  sizeBytes: sizeBytesSchema,
  /** Hexadecimal. */
  sha256: sha256Schema,
  createdAt: instantSchema,
  attachedTo: fileOwnerSchema.optional(),
  image: fileImageSchema.optional(),
});
export type FileMetadata = z.infer<typeof fileMetadataSchema>;

/** Kinds of files to filter by; each stands for several media types. */
export const fileTypeSchema = z.enum([
  "image",
  "document",
  "table",
  "audio",
  "video",
  "archive",
  "other",
]);
export type FileType = z.infer<typeof fileTypeSchema>;

const byStorageId = z.object({ storageId: idSchema });

/** An owner that is no table of this database, by a name that it is known by there: `invoice:123`. */
const byOwner = byStorageId.extend({ owner: textSchema.min(1).max(limits.files.ownerChars) });

export const files = {
  generateUploadUrl: {
    input: z
      .object({
        contentType: contentTypeSchema.optional(),
        sizeBytes: z.number().int().min(1).max(limits.files.ruleMaxBytes).optional(),
        sha256: sha256Schema.optional(),
        filename: filenameSchema.optional(),
        /**
         * For a body that does not get through to the server: asks for `put`, which needs `sizeBytes`. Then `POST url` is sent
         * without a body, with `x-fermata-stored: 1` and the headers that it always has, and means the bytes that were put.
         */
        direct: z.boolean().optional(),
        ...byRule,
      })
      .refine(({ as, sizeBytes = 0 }) => as !== undefined || sizeBytes <= limits.files.maxBytes, {
        path: ["sizeBytes"],
        message: `at most ${limits.files.maxBytes} bytes`,
      })
      .default({}),
    output: z.object({
      url: z.url(),
      expiresAt: instantSchema,
      /** What may be posted: of the grant, or less, where the server's host lets less through. */
      maxBytes: z.number().int(),
      /** Where `direct` asked for it and the store takes bytes itself: to be sent by PUT, exactly with these headers. */
      put: z.object({ url: z.url(), headers: z.record(z.string(), z.string()) }).optional(),
      /** Of the file that the upload will make. */
      storageId: idSchema,
    }),
  },
  /** Gives up an upload URL that was not used, and what it reserves. Again, and after the upload, it changes nothing. */
  abortUpload: { input: byStorageId, output: z.object({ aborted: z.literal(true) }) },
  /** The answer to `POST url`. */
  upload: { output: z.object({ storageId: idSchema }) },
  getUrl: {
    input: byStorageId.extend({
      filename: filenameSchema.optional(),
      /** Of an image: scaled down to this width, as WebP. `&w=` on any file's URL does the same. */
      width: z.literal(limits.files.imageWidths).optional(),
    }),
    output: z.string().nullable(),
  },
  getMetadata: { input: byStorageId, output: fileMetadataSchema.nullable() },
  list: {
    input: pageInputSchema
      .extend({
        /** Only files of this kind. */
        type: fileTypeSchema.optional(),
        /** Only files that some row refers to, or only those that none does. */
        state: z.enum(["attached", "unattached"]).optional(),
        /** Only files whose name holds this, in whatever case; a file without a name is called by its id. */
        search: textSchema.normalize("NFC").max(limits.filenameChars).optional(),
        /** Whose files: your own unless said. An admin may name a user by id, or `all`, and then sees that files exist, not what is in them. */
        owner: idSchema.optional(),
        /** Have `counts` in the answer. */
        withCounts: z.boolean().optional(),
      })
      .default({ limit: 50 }),
    output: pageOf(
      fileMetadataSchema.extend({
        /** Null where the caller may not read the bytes. */
        url: z.string().nullable(),
        owner: z.object({ id: idSchema, name: z.string().nullable(), email: z.string() }),
      }),
    ).extend({
      /** How many files the other filters leave in each state. */
      counts: z.object({ attached: z.number().int(), unattached: z.number().int() }).optional(),
    }),
  },
  /** Keeps a file of one's own from the purge. Several may keep it; to say it again changes nothing. */
  keep: { input: byOwner, output: z.object({ kept: z.literal(true) }) },
  /** Ends what `keep` began: unless something else refers to the file, it is purged a day later. */
  letGo: { input: byOwner, output: z.object({ letGo: z.literal(true) }) },
  delete: { input: byStorageId, output: z.object({ deleted: z.literal(true) }) },
  /** Receipts: files of the caller's that were deleted or purged in the last thirty days. */
  deletions: {
    input: pageInputSchema.default({ limit: 50 }),
    output: pageOf(
      z.object({
        storageId: idSchema,
        sizeBytes: sizeBytesSchema,
        requestedAt: instantSchema,
        /** When the store had confirmed that the last of the bytes is gone, smaller copies included. */
        bytesDeletedAt: instantSchema.nullable(),
      }),
    ),
  },
  usage: {
    output: z.object({
      /** Ready files and open grants together: what the quota counts. */
      usedBytes: z.number(),
      /** The part of it that open grants hold: uploads that may still come. */
      reservedBytes: z.number(),
      quotaBytes: z.number(),
      count: z.number().int(),
    }),
  },
};
