import { z } from "zod";
import {
  byRule,
  contentTypeSchema,
  filenameSchema,
  idSchema,
  instantSchema,
  md5Schema,
  pageInputSchema,
  pageOf,
  sha256Schema,
  sizeBytesSchema,
  textSchema,
} from "./common";
import { limits } from "./limits";

export const mediaStatusSchema = z.enum(["pending", "ready", "failed"]);
export const visibilitySchema = z.enum(["public", "private"]);

export const mediaVariantSchema = z.object({
  width: z.number().int(),
  height: z.number().int(),
  contentType: z.string(),
  url: z.string(),
});
export type MediaVariant = z.infer<typeof mediaVariantSchema>;

export const mediaSchema = z.object({
  key: idSchema,
  filename: z.string(),
  contentType: z.string(),
  sizeBytes: sizeBytesSchema,
  status: mediaStatusSchema,
  visibility: visibilitySchema,
  createdAt: instantSchema,
  publicUrl: z.string().nullable(),
  /** Pixels as displayed, once they are known. */
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  durationSeconds: z.number().optional(),
  /** RFC 6381, such as `avc1.640028, mp4a.40.2`. */
  codec: z.string().optional(),
  /** A placeholder of some 25 bytes, in base64; for a clip, that of its poster. */
  thumbHash: z.string().optional(),
  /** Smaller copies without metadata; for a clip, of its poster. */
  variants: z.array(mediaVariantSchema).optional(),
  /** The picture that stands for a clip. */
  posterUrl: z.string().optional(),
  /** Left out for what is not processed. The original can be used in every state. */
  processing: z
    .object({
      state: z.enum(["processing", "ready", "failed"]),
      /** Why it failed. `storage.reprocess` tries again. */
      reason: z.string().optional(),
    })
    .optional(),
});
export type Media = z.infer<typeof mediaSchema>;

const partNumberSchema = z.number().int().min(1).max(limits.storage.maxParts);
/** What a store can compare a part's bytes with. */
const partChecksumSchema = z.enum(["md5", "sha256"]);
const headersSchema = z.record(z.string(), z.string());
const signedPartSchema = z.object({
  partNumber: partNumberSchema,
  url: z.url(),
  headers: headersSchema,
});
/** Where this server takes whole files itself, bytes and bearer in one request; there where it serves its own store. */
const directSchema = z.object({ url: z.url(), maxBytes: z.number().int() });
const byKey = z.object({ key: idSchema });
const fingerprintSchema = textSchema.min(1).max(200);
/** An upload of no bytes holds nothing: one byte is the least. */
const mediaSizeSchema = z.number().int().min(1);

/** A media row as operators export it. */
const mediaRowSchema = z.object({
  key: idSchema,
  bucket: z.string(),
  userId: idSchema,
  userEmail: z.string(),
  filename: z.string(),
  contentType: z.string(),
  sizeBytes: sizeBytesSchema.nullable(),
  status: mediaStatusSchema,
  visibility: visibilitySchema,
  etag: z.string().nullable(),
  failure: z.string().nullable(),
  createdAt: instantSchema,
  readyAt: instantSchema.nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  durationSeconds: z.number().nullable(),
  publicUrl: z.string().nullable(),
});

/** What a store says of an object. */
const objectFactsSchema = z.object({
  sizeBytes: sizeBytesSchema,
  contentType: z.string(),
  etag: z.string(),
});

const unfinishedUploadSchema = z.object({
  key: idSchema,
  filename: z.string(),
  contentType: z.string(),
  sizeBytes: sizeBytesSchema,
  visibility: visibilitySchema,
  /** In parts that the store has. */
  uploadedBytes: sizeBytesSchema,
  fingerprint: z.string().nullable(),
  createdAt: instantSchema,
  expiresAt: instantSchema,
});
export type UnfinishedUpload = z.infer<typeof unfinishedUploadSchema>;

/** How the database and the store of bytes stand to each other. */
const storeOwnerSchema = z.object({
  installationId: z.string(),
  /** Whose the store says it is, where that is another. */
  foundId: z.string().nullable(),
  /** Where it is not `ours`, sweeps delete nothing. */
  standing: z.enum(["ours", "unproven", "foreign", "copied", "behind"]),
  /** The outbox deletes nothing either. */
  holdsBack: z.boolean(),
  checkedAt: instantSchema,
  /** What is wrong and what to do; null where nothing is. */
  problem: z.object({ finding: z.string(), remedy: z.string() }).nullable(),
});
const strayDecisionSchema = z.enum(["delete", "keep"]);

/** What `POST media/upload` is told in its header, as JSON in percent-encoding; the type and the length stand in their own. */
export const mediaUploadSchema = z.object({
  filename: filenameSchema,
  visibility: visibilitySchema.default("public"),
  /** Made by the sender: sent again with the same one, the file becomes one row. */
  attempt: textSchema.min(16).max(100),
  ...byRule,
});

export const storage = {
  getUploadUrl: {
    input: z.object({
      filename: filenameSchema,
      contentType: contentTypeSchema,
      sizeBytes: mediaSizeSchema.max(limits.storage.maxSinglePutBytes).optional(),
      md5: md5Schema.optional(),
      visibility: visibilitySchema.default("public"),
      ...byRule,
    }),
    output: z.object({
      key: idSchema,
      uploadUrl: z.url(),
      method: z.literal("PUT"),
      /** Send exactly these: they are signed. */
      headers: headersSchema,
      publicUrl: z.string().nullable(),
      expiresAt: instantSchema,
      direct: directSchema.optional(),
    }),
  },
  completeUpload: {
    /** `md5` of what was sent, where the grant says none: whoever computes it meanwhile has it compared here. */
    input: byKey.extend({ md5: md5Schema.optional() }),
    output: mediaSchema,
  },
  createMultipartUpload: {
    input: z.object({
      filename: filenameSchema,
      contentType: contentTypeSchema,
      sizeBytes: mediaSizeSchema.max(limits.storage.maxBytes),
      visibility: visibilitySchema.default("public"),
      /** What the client knows the same file by. An open upload of the caller's with the same one is continued. */
      fingerprint: fingerprintSchema.optional(),
      /** A wish: small parts lose little where connections break. Rounded up to what the store and its 10,000 parts allow. */
      partSizeBytes: z
        .number()
        .int()
        .min(1)
        .max(limits.storage.minPartBytes * 1024)
        .optional(),
      /** Answer with URLs for so many of the first parts at once: without checksums, which nobody has by then. */
      signFirst: z.number().int().min(0).max(16).optional(),
      ...byRule,
    }),
    output: z.object({
      key: idSchema,
      uploadId: z.string(),
      /** Whether this is an upload that was open already: `listParts` tells what it has. */
      resumed: z.boolean(),
      partSizeBytes: z.number().int(),
      partCount: z.number().int(),
      /** What `signParts` should be given of each part. Every store takes an MD5; one that takes SHA-256 is faster with it. */
      checksum: partChecksumSchema,
      /** Whether the server hears of parts from the store itself: then `uploaded` tells it nothing. */
      knowsParts: z.boolean(),
      /** Of the first parts, as many as `signFirst` asked for, where ETags tell whether they arrive whole; none of an upload that was open already. */
      urls: z.array(signedPartSchema).optional(),
      publicUrl: z.string().nullable(),
      expiresAt: instantSchema,
    }),
  },
  signParts: {
    input: byKey.extend({
      parts: z
        .array(
          z
            .object({
              partNumber: partNumberSchema,
              md5: md5Schema.optional(),
              /** In place of the MD5, where the upload's `checksum` is `sha256`. */
              sha256: sha256Schema.optional(),
            })
            .refine(({ md5, sha256 }) => !md5 || !sha256, "one checksum is enough"),
        )
        /** None, where there is only something to report. */
        .max(limits.storage.partsPerCall),
      /** Parts that the store has taken since the last call: kept, so that a reload can resume. */
      uploaded: z
        .array(
          z.object({
            partNumber: partNumberSchema,
            etag: textSchema.min(1).max(512),
            /** Of its bytes: whoever resumes compares them with the file's. */
            md5: md5Schema.optional(),
          }),
        )
        .max(limits.storage.maxParts)
        .optional(),
    }),
    output: z.object({
      urls: z.array(signedPartSchema),
    }),
  },
  listParts: {
    input: byKey,
    output: z.object({
      parts: z.array(
        z.object({
          partNumber: partNumberSchema,
          sizeBytes: sizeBytesSchema,
          etag: z.string(),
          /** Base64; missing where nobody said it. */
          md5: z.string().optional(),
          /** Hex; of parts that were signed with one. */
          sha256: z.string().optional(),
        }),
      ),
    }),
  },
  /** Open uploads in parts, newest first: what can be continued with the same file, or aborted. */
  listUnfinished: {
    output: z.object({
      items: z.array(unfinishedUploadSchema),
    }),
  },
  completeMultipartUpload: {
    input: byKey.extend({
      parts: z
        .array(z.object({ partNumber: partNumberSchema, etag: textSchema.min(1).max(512) }))
        .min(1)
        .max(limits.storage.maxParts),
    }),
    output: mediaSchema,
  },
  abortUpload: { input: byKey, output: z.object({ aborted: z.literal(true) }) },
  getUrl: {
    input: byKey.extend({ filename: filenameSchema.optional() }),
    output: z.string().nullable(),
  },
  getMetadata: { input: byKey, output: mediaSchema.nullable() },
  list: {
    input: pageInputSchema.default({ limit: 50 }),
    /** `url` reads the object now, whatever its visibility; null until it is ready. */
    output: pageOf(
      mediaSchema.extend({
        url: z.string().nullable(),
        /** The caller's instruments that show it. */
        instruments: z.array(z.object({ instrumentId: idSchema, name: z.string() })),
      }),
    ),
  },
  usage: {
    output: z.object({
      /** Ready media and open uploads together: what the quota counts. */
      usedBytes: z.number(),
      /** The part of it that uploads hold which have not ended. */
      reservedBytes: z.number(),
      quotaBytes: z.number(),
      count: z.number().int(),
      direct: directSchema.optional(),
    }),
  },
  delete: { input: byKey, output: z.object({ deleted: z.literal(true) }) },
  reprocess: { input: byKey, output: mediaSchema },
  setPoster: {
    input: byKey.extend({ posterKey: idSchema.nullable() }),
    output: mediaSchema,
  },
  /** What the caller's media are, for charts. */
  breakdown: {
    output: z.object({
      kinds: z.array(
        z.object({
          kind: z.enum(["photos", "clips", "others"]),
          count: z.number().int(),
          bytes: z.number(),
        }),
      ),
      /** Reserved by uploads that are not complete. */
      pendingBytes: z.number(),
      /** Smaller copies. They do not count against the quota. */
      copies: z.object({ count: z.number().int(), bytes: z.number() }),
      /** Of the last twelve months, oldest first: what had come by the end of each and is still there. */
      months: z.array(z.object({ month: z.string(), bytes: z.number() })),
    }),
  },
  /** For admins: what the sweeps found last, and what the outbox holds. */
  findings: {
    output: z.object({
      sweep: z
        .object({
          at: instantSchema,
          seen: z.number(),
          orphans: z.number(),
          bytes: z.number(),
          /** Seen without a row, and kept for now. */
          strays: z.number().optional(),
          /** Why nothing was swept, where the store is not this installation's. */
          refused: z.string().nullable().optional(),
        })
        .nullable(),
      check: z
        .object({
          at: instantSchema,
          seen: z.number(),
          missing: z.number(),
          bytes: z.number(),
        })
        .nullable(),
      outbox: z.object({
        waiting: z.number().int(),
        bytes: z.number(),
        /** Tried before, and refused by the store. */
        refused: z.number().int(),
        lastError: z.string().nullable(),
      }),
      failedProcessing: z.number().int(),
      /** Whose the store is; null before it was looked at. */
      owner: storeOwnerSchema.nullable(),
      /** Objects that sweeps saw without a row. */
      strays: z.object({
        count: z.number().int(),
        bytes: z.number(),
        /** Of them, those that nobody has decided about. */
        undecided: z.number().int(),
        /** There are more than a sweep deletes unasked: `decideStrays` answers. */
        asks: z.boolean(),
      }),
    }),
  },
  /** For admins: media in the store that no row knows, for `fermata media reindex --adopt`. With `adopt` they become rows. */
  recover: {
    input: pageInputSchema
      .extend({ adopt: z.boolean().default(false) })
      .default({ limit: 50, adopt: false }),
    output: z.object({
      seen: z.number().int(),
      found: z.array(
        z.object({
          bucket: z.string(),
          key: z.string(),
          filename: z.string(),
          contentType: z.string(),
          sizeBytes: sizeBytesSchema,
          modifiedAt: instantSchema,
          adopted: z.boolean(),
        }),
      ),
      nextCursor: z.string().nullable(),
    }),
  },
  /** For admins: the objects that sweeps saw without a row. */
  strays: {
    input: pageInputSchema.default({ limit: 50 }),
    output: pageOf(
      z.object({
        bucket: z.string(),
        key: z.string(),
        sizeBytes: sizeBytesSchema,
        modifiedAt: instantSchema,
        /** A sweep deletes it a week after this, if it may. */
        firstSeenAt: instantSchema,
        /** Why it may be deleted unasked: its row went, or never became ready. Null where a person decides. */
        reason: z.enum(["released", "unfinished"]).nullable(),
        decision: strayDecisionSchema.nullable(),
      }),
    ),
  },
  /** For admins: what becomes of the objects that nobody has decided about. */
  decideStrays: {
    input: z.object({ decision: strayDecisionSchema }),
    output: z.object({ count: z.number().int() }),
  },
  /** For admins: makes the store this installation's, whoever's it was. */
  adopt: {
    output: z.object({
      adopted: z.literal(true),
      installationId: z.string(),
      /** Whose it was, where it was another's. */
      from: z.string().nullable(),
    }),
  },
  /** For admins: everybody's rows, for `fermata media export`. */
  export: {
    input: pageInputSchema.default({ limit: 50 }),
    output: pageOf(mediaRowSchema).extend({
      /** How many rows there are; with the first page alone. */
      total: z.number().int().nullable(),
    }),
  },
  /** For admins: compares ready rows with the store, for `fermata media reindex`. With `mend`, rows take over what the store says. */
  reindex: {
    input: pageInputSchema
      .extend({ mend: z.boolean().default(false) })
      .default({ limit: 50, mend: false }),
    output: z.object({
      seen: z.number().int(),
      /** How many ready rows there are; with the first page alone. */
      total: z.number().int().nullable(),
      findings: z.array(
        z.object({
          key: idSchema,
          bucket: z.string(),
          filename: z.string(),
          /** `missing` is reported and never mended: a store that answers wrongly must not cost anybody a row. */
          problem: z.enum(["missing", "differs"]),
          row: objectFactsSchema.extend({ etag: z.string().nullable() }),
          stored: objectFactsSchema.nullable(),
          mended: z.boolean(),
        }),
      ),
      nextCursor: z.string().nullable(),
    }),
  },
};
