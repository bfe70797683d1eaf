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
import type { ContractEntries } from "./contract-entry";
import type { ErrorCode } from "./error-codes";
import { limits } from "./limits";

export const mediaStatusSchema = z.enum(["pending", "ready", "failed"]);
export const visibilitySchema = z.enum(["public", "private"]);

export const mediaVariantSchema = z
  .object({
    width: z.number().int(),
    height: z.number().int(),
    contentType: z.string(),
    url: z.string(),
  })
  .meta({ id: "MediaVariant" });
export type MediaVariant = z.infer<typeof mediaVariantSchema>;

export const mediaSchema = z
  .object({
    key: idSchema,
    filename: z.string(),
    contentType: z.string(),
    sizeBytes: sizeBytesSchema,
    status: mediaStatusSchema,
    visibility: visibilitySchema,
    createdAt: instantSchema,
    publicUrl: z.string().nullable(),
    width: z.number().int().optional().describe("Pixels as displayed, once they are known."),
    height: z.number().int().optional(),
    durationSeconds: z.number().optional(),
    codec: z.string().optional().describe("RFC 6381, such as `avc1.640028, mp4a.40.2`."),
    thumbHash: z
      .string()
      .optional()
      .describe("A placeholder of some 25 bytes, in base64; for a clip, that of its poster."),
    waveform: z
      .string()
      .optional()
      .describe(
        "Of a recording: 256 peaks from its beginning to its end, a byte each, 255 the loudest that there is; in base64.",
      ),
    variants: z
      .array(mediaVariantSchema)
      .optional()
      .describe("Smaller copies without metadata; for a clip, of its poster."),
    posterUrl: z.string().optional().describe("The picture that stands for a clip."),
    processing: z
      .object({
        state: z.enum(["processing", "ready", "failed"]),
        reason: z.string().optional().describe("Why it failed. `storage.reprocess` tries again."),
      })
      .optional()
      .describe("Left out for what is not processed. The original can be used in every state."),
  })
  .meta({ id: "Media" });
export type Media = z.infer<typeof mediaSchema>;

const partNumberSchema = z.number().int().min(1).max(limits.storage.maxParts);
/** A part as its store named it. */
const namedPartSchema = z.object({
  partNumber: partNumberSchema,
  etag: textSchema.min(1).max(512),
});
/** What a store can compare a part's bytes with. */
const partChecksumSchema = z.enum(["md5", "sha256"]);
const headersSchema = z.record(z.string(), z.string());
const signedPartSchema = z.object({
  partNumber: partNumberSchema,
  url: z.url(),
  headers: headersSchema,
});
/** Where this server takes whole files itself, bytes and bearer in one request; there where it serves its own store. */
const directSchema = z.object({
  url: z.url().describe("Absolute. Who sends says who that is as in every call."),
  maxBytes: z.number().int(),
});
/** The same where it passes them on to a store elsewhere. What does not get through may go there by a grant. */
const passOnSchema = directSchema.describe(
  "There where media up to this size may be sent to this server, which passes them on to the store.",
);
/** The same for the first part of an upload that is being opened. */
const firstPartSchema = directSchema.describe(
  "There where the first part may be sent by POST, with `?opening=` and what `createMultipartUpload` is given as `opening`, before that is answered. It is answered as its signed PUT would be; what does not get through goes by that.",
);
const takesSchema = {
  direct: directSchema.optional(),
  passOn: passOnSchema.optional(),
  firstPart: firstPartSchema.optional(),
};
const attemptSchema = textSchema.min(16).max(100);
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

const unfinishedUploadSchema = z
  .object({
    key: idSchema,
    filename: z.string(),
    contentType: z.string(),
    sizeBytes: sizeBytesSchema,
    visibility: visibilitySchema,
    uploadedBytes: sizeBytesSchema.describe("In parts that the store has."),
    fingerprint: z.string().nullable(),
    createdAt: instantSchema,
    expiresAt: instantSchema,
  })
  .meta({ id: "UnfinishedUpload" });
export type UnfinishedUpload = z.infer<typeof unfinishedUploadSchema>;

/** How the database and the store of bytes stand to each other. */
const storeOwnerSchema = z.object({
  installationId: z.string(),
  foundId: z.string().nullable().describe("Whose the store says it is, where that is another."),
  standing: z
    .enum(["ours", "unproven", "foreign", "copied", "behind"])
    .describe("Where it is not `ours`, sweeps delete nothing."),
  holdsBack: z.boolean().describe("The outbox deletes nothing either."),
  checkedAt: instantSchema,
  problem: z
    .object({ finding: z.string(), remedy: z.string() })
    .nullable()
    .describe("What is wrong and what to do; null where nothing is."),
});
const strayDecisionSchema = z.enum(["delete", "keep"]);

/** What `POST media/upload` is told in its header, as JSON in percent-encoding; the type and the length stand in their own. */
export const mediaUploadSchema = z.object({
  filename: filenameSchema,
  visibility: visibilitySchema.default("public"),
  attempt: attemptSchema.describe(
    "Made by the sender: sent again with the same one, the file becomes one row.",
  ),
  ...byRule,
});

/** What may come of a look at what was uploaded, in one piece or in parts. */
const completionErrors: ErrorCode[] = [
  "NOT_FOUND",
  "UPLOAD_INCOMPLETE",
  "UPLOAD_EXPIRED",
  "CHECKSUM_MISMATCH",
  "PAYLOAD_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
  "CONFLICT",
  "UPSTREAM_UNAVAILABLE",
];

export const storage = {
  getUploadUrl: {
    about:
      "Signs one PUT of a whole photo or clip straight to the object store, and reserves its size against the quota. Complete it within the hour.",
    errors: ["UNSUPPORTED_MEDIA_TYPE", "PAYLOAD_TOO_LARGE", "QUOTA_EXCEEDED", "FORBIDDEN"],
    input: z.object({
      filename: filenameSchema,
      contentType: contentTypeSchema,
      sizeBytes: mediaSizeSchema.max(limits.storage.maxSinglePutBytes).optional(),
      md5: md5Schema.optional(),
      visibility: visibilitySchema.default("public"),
      fingerprint: fingerprintSchema
        .optional()
        .describe(
          "What the client knows the same file by. An open grant of the caller's with the same one, of the same size, is given again.",
        ),
      ...byRule,
    }),
    output: z.object({
      key: idSchema,
      uploadUrl: z.url(),
      method: z.literal("PUT"),
      headers: headersSchema.describe("Send exactly these: they are signed."),
      publicUrl: z.string().nullable(),
      expiresAt: instantSchema,
      ...takesSchema,
      resumed: z
        .enum(["open", "stored"])
        .optional()
        .describe(
          "There where this grant was open already; `stored`: its bytes have arrived, and only `completeUpload` is missing.",
        ),
    }),
  },
  completeUpload: {
    about: "Looks at the stored object and makes it media. May be repeated.",
    errors: completionErrors,
    input: byKey
      .extend({ md5: md5Schema.optional() })
      .describe(
        "`md5` of what was sent, where the grant says none: whoever computes it meanwhile has it compared here.",
      ),
    output: mediaSchema,
  },
  createMultipartUpload: {
    about:
      "Begins an upload in parts, or continues an open one of the same file. It stays open for six days.",
    errors: [
      "UNSUPPORTED_MEDIA_TYPE",
      "PAYLOAD_TOO_LARGE",
      "QUOTA_EXCEEDED",
      "FORBIDDEN",
      "CONFLICT",
      "UPSTREAM_UNAVAILABLE",
    ],
    input: z.object({
      filename: filenameSchema,
      contentType: contentTypeSchema,
      sizeBytes: mediaSizeSchema.max(limits.storage.maxBytes),
      visibility: visibilitySchema.default("public"),
      fingerprint: fingerprintSchema
        .optional()
        .describe(
          "What the client knows the same file by. An open upload of the caller's with the same one is continued.",
        ),
      partSizeBytes: z
        .number()
        .int()
        .min(1)
        .max(limits.storage.minPartBytes * 1024)
        .optional()
        .describe(
          "A wish: small parts lose little where connections break. Rounded up to what the store and its 10,000 parts allow.",
        ),
      signFirst: z
        .number()
        .int()
        .min(0)
        .max(limits.storage.maxSignedFirst)
        .optional()
        .describe(
          "Answer with URLs for so many of the first parts at once: without checksums, which nobody has by then.",
        ),
      opening: attemptSchema
        .optional()
        .describe(
          "Made by the sender, once for each call: the first part may come by it meanwhile, where `firstPart` says so.",
        ),
      ...byRule,
    }),
    output: z.object({
      key: idSchema,
      uploadId: z.string(),
      resumed: z
        .boolean()
        .describe(
          "Whether this is an upload that was open already: `listParts` tells what it has.",
        ),
      partSizeBytes: z.number().int(),
      partCount: z.number().int(),
      checksum: partChecksumSchema.describe(
        "What `signParts` should be given of each part. Every store takes an MD5; one that takes SHA-256 is faster with it.",
      ),
      knowsParts: z
        .boolean()
        .describe(
          "Whether the server hears of parts from the store itself: then `uploaded` tells it nothing.",
        ),
      keepsCutParts: z
        .boolean()
        .optional()
        .describe(
          "Whether what came of a part is kept when its connection is cut: HEAD of its URL answers with `Upload-Offset`, and a PUT with the same header sends the rest. Whoever sends it with 0 is told by 409 that there is more.",
        ),
      comparesDigests: z
        .boolean()
        .optional()
        .describe(
          "Whether a part whose URL was signed without a checksum may bring one, as `Digest: sha-256=<base64>` or `Content-MD5`: then it is compared like one that was signed.",
        ),
      etagIsMd5: z
        .boolean()
        .optional()
        .describe(
          "Whether the ETag of a part is the MD5 of its bytes, so that a part whose URL was signed without a checksum may be compared once it is there.",
        ),
      completesWithLast: z
        .boolean()
        .optional()
        .describe(
          "Whether the PUT of a part with `Upload-Complete: ?1` completes the upload where it was the last one missing. Then it answers with the media as JSON, or with why they may not be media and the part's ETag; otherwise with nothing, and `completeMultipartUpload` completes it. So it does once a second session was given the upload.",
        ),
      urls: z
        .array(signedPartSchema)
        .optional()
        .describe(
          "Of the first parts, as many as `signFirst` asked for, where a part may bring its checksum itself or is told by its ETag; none of an upload that was open already.",
        ),
      publicUrl: z.string().nullable(),
      expiresAt: instantSchema,
    }),
  },
  signParts: {
    about: "Signs a PUT for each part, good for an hour, and takes note of parts that are through.",
    errors: ["NOT_FOUND", "CONFLICT", "UPLOAD_EXPIRED"],
    input: byKey.extend({
      parts: z
        .array(
          z
            .object({
              partNumber: partNumberSchema,
              md5: md5Schema.optional(),
              sha256: sha256Schema
                .optional()
                .describe("In place of the MD5, where the upload's `checksum` is `sha256`."),
            })
            .refine(({ md5, sha256 }) => !md5 || !sha256, "one checksum is enough"),
        )
        /** None, where there is only something to report. */
        .max(limits.storage.partsPerCall),
      uploaded: z
        .array(
          namedPartSchema.extend({
            md5: md5Schema
              .optional()
              .describe("Of its bytes: whoever resumes compares them with the file's."),
          }),
        )
        .max(limits.storage.maxParts)
        .optional()
        .describe(
          "Parts that the store has taken since the last call: kept, so that a reload can resume.",
        ),
    }),
    output: z.object({
      urls: z.array(signedPartSchema),
    }),
  },
  listParts: {
    about: "The parts that the store has, as the server knows them.",
    errors: ["NOT_FOUND", "CONFLICT"],
    input: byKey,
    output: z.object({
      parts: z.array(
        z.object({
          partNumber: partNumberSchema,
          sizeBytes: sizeBytesSchema,
          etag: z.string(),
          md5: z.string().optional().describe("Base64; missing where nobody said it."),
          sha256: z.string().optional().describe("Hex; of parts that were signed with one."),
        }),
      ),
    }),
  },
  listUnfinished: {
    about:
      "Open uploads, newest first: what can be continued with the same file, or aborted. Of one that goes in one PUT nothing is there before all of it.",
    output: z.object({
      items: z.array(unfinishedUploadSchema),
    }),
  },
  completeMultipartUpload: {
    about: "Puts the parts together and makes them media. May be repeated.",
    errors: completionErrors,
    input: byKey.extend({
      parts: z
        .array(
          namedPartSchema.extend({
            md5: md5Schema
              .optional()
              .describe(
                "Of a part that nobody has compared yet: then it is compared with what is there. Of each, where all are known, since the ETag of the whole tells them at once.",
              ),
          }),
        )
        .min(1)
        .max(limits.storage.maxParts),
    }),
    output: mediaSchema,
  },
  abortUpload: {
    about: "Gives an upload up: its bytes are deleted, its quota is released. May be repeated.",
    errors: ["NOT_FOUND", "CONFLICT"],
    input: byKey,
    output: z.object({ aborted: z.literal(true) }),
  },
  getUrl: {
    about:
      "An address at which the original can be read: the public one, or a signed one of private media; null where there is none.",
    input: byKey.extend({ filename: filenameSchema.optional() }),
    output: z.string().nullable(),
  },
  getMetadata: {
    about: "The media row; null where there is none.",
    input: byKey,
    output: mediaSchema.nullable(),
  },
  list: {
    about: "Media, newest first.",
    errors: ["FORBIDDEN"],
    input: pageInputSchema
      .extend({
        owner: idSchema
          .optional()
          .describe(
            "Whose media: your own unless said. An admin may name a user by id, or `all`, and then sees what is public, and that the rest exists.",
          ),
      })
      .default({ limit: 50 }),
    output: pageOf(
      mediaSchema.extend({
        url: z.string().nullable(),
        owner: z.object({ id: idSchema, name: z.string().nullable(), email: z.string() }),
        instruments: z
          .array(z.object({ instrumentId: idSchema, name: z.string() }))
          .describe("The caller's instruments that show it."),
      }),
    ).describe(
      "`url` reads the object now, whatever its visibility; null until it is ready, and where it is somebody else's and private.",
    ),
  },
  usage: {
    about: "What the caller's media take, and may take.",
    output: z.object({
      usedBytes: z
        .number()
        .describe("Ready media and open uploads together: what the quota counts."),
      reservedBytes: z.number().describe("The part of it that uploads hold which have not ended."),
      quotaBytes: z.number(),
      count: z.number().int(),
      ...takesSchema,
    }),
  },
  delete: {
    about: "Deletes media. Their URLs end at once, their bytes within minutes.",
    errors: ["NOT_FOUND"],
    input: byKey,
    output: z.object({ deleted: z.literal(true) }),
  },
  reprocess: {
    about: "Makes the facts and smaller copies of media anew.",
    errors: ["NOT_FOUND", "CONFLICT", "UNSUPPORTED_MEDIA_TYPE"],
    input: byKey,
    output: mediaSchema,
  },
  setPoster: {
    about: "Lets a photo stand for a clip; null takes it away.",
    errors: ["NOT_FOUND", "UNSUPPORTED_MEDIA_TYPE", "CONFLICT"],
    input: byKey.extend({ posterKey: idSchema.nullable() }),
    output: mediaSchema,
  },
  breakdown: {
    about: "What the caller's media are, for charts.",
    output: z.object({
      kinds: z.array(
        z.object({
          kind: z.enum(["photos", "clips", "others"]),
          count: z.number().int(),
          bytes: z.number(),
        }),
      ),
      pendingBytes: z.number().describe("Reserved by uploads that are not complete."),
      copies: z
        .object({ count: z.number().int(), bytes: z.number() })
        .describe("Smaller copies. They do not count against the quota."),
      months: z
        .array(z.object({ month: z.string(), bytes: z.number() }))
        .describe(
          "Of the last twelve months, oldest first: what had come by the end of each and is still there.",
        ),
    }),
  },
  findings: {
    about: "For admins: what the sweeps found last, and what the outbox holds.",
    output: z.object({
      sweep: z
        .object({
          at: instantSchema,
          seen: z.number(),
          orphans: z.number(),
          bytes: z.number(),
          strays: z.number().optional().describe("Seen without a row, and kept for now."),
          refused: z
            .string()
            .nullable()
            .optional()
            .describe("Why nothing was swept, where the store is not this installation's."),
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
        refused: z.number().int().describe("Tried before, and refused by the store."),
        lastError: z.string().nullable(),
      }),
      failedProcessing: z.number().int(),
      owner: storeOwnerSchema
        .nullable()
        .describe("Whose the store is; null before it was looked at."),
      strays: z
        .object({
          count: z.number().int(),
          bytes: z.number(),
          undecided: z.number().int().describe("Of them, those that nobody has decided about."),
          asks: z
            .boolean()
            .describe("There are more than a sweep deletes unasked: `decideStrays` answers."),
        })
        .describe("Objects that sweeps saw without a row."),
    }),
  },
  recover: {
    errors: ["CONFLICT", "UPSTREAM_UNAVAILABLE"],
    about:
      "For admins: media in the store that no row knows, for `fermata media reindex --adopt`. With `adopt` they become rows.",
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
  strays: {
    about: "For admins: the objects that sweeps saw without a row.",
    input: pageInputSchema.default({ limit: 50 }),
    output: pageOf(
      z.object({
        bucket: z.string(),
        key: z.string(),
        sizeBytes: sizeBytesSchema,
        modifiedAt: instantSchema,
        firstSeenAt: instantSchema.describe("A sweep deletes it a week after this, if it may."),
        reason: z
          .enum(["released", "unfinished"])
          .nullable()
          .describe(
            "Why it may be deleted unasked: its row went, or never became ready. Null where a person decides.",
          ),
        decision: strayDecisionSchema.nullable(),
      }),
    ),
  },
  decideStrays: {
    about: "For admins: what becomes of the objects that nobody has decided about.",
    input: z.object({ decision: strayDecisionSchema }),
    output: z.object({ count: z.number().int() }),
  },
  adopt: {
    about: "For admins: makes the store this installation's, whoever's it was.",
    errors: ["UPSTREAM_UNAVAILABLE"],
    output: z.object({
      adopted: z.literal(true),
      installationId: z.string(),
      from: z.string().nullable().describe("Whose it was, where it was another's."),
    }),
  },
  export: {
    about: "For admins: everybody's rows, for `fermata media export`.",
    input: pageInputSchema.default({ limit: 50 }),
    output: pageOf(mediaRowSchema).extend({
      total: z
        .number()
        .int()
        .nullable()
        .describe("How many rows there are; with the first page alone."),
    }),
  },
  reindex: {
    errors: ["UPSTREAM_UNAVAILABLE"],
    about:
      "For admins: compares ready rows with the store, for `fermata media reindex`. With `mend`, rows take over what the store says.",
    input: pageInputSchema
      .extend({ mend: z.boolean().default(false) })
      .default({ limit: 50, mend: false }),
    output: z.object({
      seen: z.number().int(),
      total: z
        .number()
        .int()
        .nullable()
        .describe("How many ready rows there are; with the first page alone."),
      findings: z.array(
        z.object({
          key: idSchema,
          bucket: z.string(),
          filename: z.string(),
          problem: z
            .enum(["missing", "differs"])
            .describe(
              "`missing` is reported and never mended: a store that answers wrongly must not cost anybody a row.",
            ),
          row: objectFactsSchema.extend({ etag: z.string().nullable() }),
          stored: objectFactsSchema.nullable(),
          mended: z.boolean(),
        }),
      ),
      nextCursor: z.string().nullable(),
    }),
  },
} satisfies ContractEntries;
