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
import type { ContractEntries } from "./contract-entry";
import { limits } from "./limits";

/** What refers to a file: which relation, and the row's id, or for `kept` the name that `files.keep` gave. */
export const fileOwnerSchema = z.object({ relation: z.string(), id: z.string() });

/** What is known of an image that can be decoded. */
export const fileImageSchema = z.object({
  width: z.number().int().describe("In pixels, as displayed: after the orientation is applied."),
  height: z.number().int(),
  orientation: z.number().int().describe("EXIF's, 1 to 8: how the stored pixels are to be turned."),
  thumbHash: z.string().describe("A ThumbHash in base64: a blurred placeholder of some 25 bytes."),
});

export const fileMetadataSchema = z
  .object({
    storageId: idSchema,
    filename: z.string().nullable(),
    contentType: z.string(),
    sizeBytes: sizeBytesSchema,
    sha256: sha256Schema.describe("Hexadecimal."),
    createdAt: instantSchema,
    attachedTo: fileOwnerSchema.optional(),
    image: fileImageSchema.optional(),
  })
  .meta({ id: "FileMetadata" });
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
    about:
      "Gives a URL that takes one file by POST, once, within the hour. It reserves the file's size against the quota.",
    errors: ["UNSUPPORTED_MEDIA_TYPE", "PAYLOAD_TOO_LARGE", "QUOTA_EXCEEDED", "FORBIDDEN"],
    input: z
      .object({
        contentType: contentTypeSchema.optional(),
        sizeBytes: z.number().int().min(1).max(limits.files.ruleMaxBytes).optional(),
        sha256: sha256Schema.optional(),
        filename: filenameSchema.optional(),
        direct: z
          .boolean()
          .optional()
          .describe(
            "For a body that does not get through to the server: asks for `put`, which needs `sizeBytes`. Then `POST url` is sent without a body, with `x-fermata-stored: 1` and the headers that it always has, and means the bytes that were put.",
          ),
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
      maxBytes: z
        .number()
        .int()
        .describe(
          "What may be posted: of the grant, or less, where the server's host lets less through.",
        ),
      put: z
        .object({ url: z.url(), headers: z.record(z.string(), z.string()) })
        .optional()
        .describe(
          "Where `direct` asked for it and the store takes bytes itself: to be sent by PUT, exactly with these headers.",
        ),
      storageId: idSchema.describe("Of the file that the upload will make."),
    }),
  },
  abortUpload: {
    about:
      "Gives up an upload URL that was not used, and what it reserves. Again, and after the upload, it changes nothing.",
    input: byStorageId,
    output: z.object({ aborted: z.literal(true) }),
  },
  upload: {
    about: "The answer to `POST url`.",
    errors: [
      "UPLOAD_EXPIRED",
      "UPLOAD_ALREADY_USED",
      "UPLOAD_INCOMPLETE",
      "CHECKSUM_MISMATCH",
      "PAYLOAD_TOO_LARGE",
      "UNSUPPORTED_MEDIA_TYPE",
      "QUOTA_EXCEEDED",
    ],
    output: z.object({ storageId: idSchema }),
  },
  getUrl: {
    about:
      "An address at which the file can be read without a header or cookie, the same one for a while so that browsers keep it; null where there is no such file.",
    input: byStorageId.extend({
      filename: filenameSchema.optional(),
      width: z
        .literal(limits.files.imageWidths)
        .optional()
        .describe(
          "Of an image: scaled down to this width, as WebP. `&w=` on any file's URL does the same.",
        ),
    }),
    output: z.string().nullable(),
  },
  getMetadata: {
    about: "What is known of a file; null where there is no such file.",
    input: byStorageId,
    output: fileMetadataSchema.nullable(),
  },
  list: {
    about: "Files, newest first.",
    errors: ["FORBIDDEN"],
    input: pageInputSchema
      .extend({
        type: fileTypeSchema.optional().describe("Only files of this kind."),
        state: z
          .enum(["attached", "unattached"])
          .optional()
          .describe("Only files that some row refers to, or only those that none does."),
        search: textSchema
          .normalize("NFC")
          .max(limits.filenameChars)
          .optional()
          .describe(
            "Only files whose name holds this, in whatever case; a file without a name is called by its id.",
          ),
        owner: idSchema
          .optional()
          .describe(
            "Whose files: your own unless said. An admin may name a user by id, or `all`, and then sees that files exist, not what is in them.",
          ),
        withCounts: z.boolean().optional().describe("Have `counts` in the answer."),
      })
      .default({ limit: 50 }),
    output: pageOf(
      fileMetadataSchema.extend({
        url: z.string().nullable().describe("Null where the caller may not read the bytes."),
        owner: z.object({ id: idSchema, name: z.string().nullable(), email: z.string() }),
      }),
    ).extend({
      counts: z
        .object({ attached: z.number().int(), unattached: z.number().int() })
        .optional()
        .describe("How many files the other filters leave in each state."),
    }),
  },
  keep: {
    errors: ["NOT_FOUND"],
    about:
      "Keeps a file of one's own from the purge. Several may keep it; to say it again changes nothing.",
    input: byOwner,
    output: z.object({ kept: z.literal(true) }),
  },
  letGo: {
    errors: ["NOT_FOUND"],
    about:
      "Ends what `keep` began: unless something else refers to the file, it is purged a day later.",
    input: byOwner,
    output: z.object({ letGo: z.literal(true) }),
  },
  delete: {
    about: "Deletes a file that no row refers to. Its URLs end at once, its bytes within minutes.",
    errors: ["NOT_FOUND", "CONFLICT"],
    input: byStorageId,
    output: z.object({ deleted: z.literal(true) }),
  },
  deletions: {
    about: "Receipts: files of the caller's that were deleted or purged in the last thirty days.",
    input: pageInputSchema.default({ limit: 50 }),
    output: pageOf(
      z.object({
        storageId: idSchema,
        sizeBytes: sizeBytesSchema,
        requestedAt: instantSchema,
        bytesDeletedAt: instantSchema
          .nullable()
          .describe(
            "When the store had confirmed that the last of the bytes is gone, smaller copies included.",
          ),
      }),
    ),
  },
  usage: {
    about: "What the caller's files take, and may take.",
    output: z.object({
      usedBytes: z
        .number()
        .describe("Ready files and open grants together: what the quota counts."),
      reservedBytes: z
        .number()
        .describe("The part of it that open grants hold: uploads that may still come."),
      quotaBytes: z.number(),
      count: z.number().int(),
    }),
  },
  uploadRules: {
    about: "The app's rules of uploads, for pages that say beforehand what is taken.",
    output: z.object({
      rules: z
        .array(
          z.object({
            name: z.string().describe("What uploads give as `as`."),
            kind: z
              .enum(["file", "media"])
              .describe("A small private file, or heavy media that goes to the store."),
            types: z
              .array(z.string())
              .nullable()
              .describe(
                "Accepted media types, such as `application/pdf` or `image/*`; null for whatever is accepted everywhere.",
              ),
            maxBytes: z.number().int().describe("The largest that is taken."),
          }),
        )
        .describe("By name, as the app declares them."),
    }),
  },
} satisfies ContractEntries;
