import { z } from "zod";
import {
  contentTypeSchema,
  filenameSchema,
  idSchema,
  instantSchema,
  pageInputSchema,
  pageOf,
  sha256Schema,
  sizeBytesSchema,
} from "./common";
import { limits } from "./limits";

/** The row that refers to a file: which relation, and its id. */
export const fileOwnerSchema = z.object({ relation: z.string(), id: idSchema });

export const fileMetadataSchema = z.object({
  storageId: idSchema,
  filename: z.string().nullable(),
  contentType: z.string(),
  sizeBytes: sizeBytesSchema,
  /** Hexadecimal. */
  sha256: sha256Schema,
  createdAt: instantSchema,
  attachedTo: fileOwnerSchema.optional(),
});
export type FileMetadata = z.infer<typeof fileMetadataSchema>;

const byStorageId = z.object({ storageId: idSchema });

export const files = {
  generateUploadUrl: {
    input: z
      .object({
        contentType: contentTypeSchema.optional(),
        sizeBytes: z.number().int().min(1).max(limits.files.maxBytes).optional(),
        sha256: sha256Schema.optional(),
        filename: filenameSchema.optional(),
      })
      .default({}),
    output: z.object({ url: z.url(), expiresAt: instantSchema, maxBytes: z.number().int() }),
  },
  /** The answer to `POST url`. */
  upload: { output: z.object({ storageId: idSchema }) },
  getUrl: {
    input: byStorageId.extend({ filename: filenameSchema.optional() }),
    output: z.string().nullable(),
  },
  getMetadata: { input: byStorageId, output: fileMetadataSchema.nullable() },
  list: {
    input: pageInputSchema.default({ limit: 50 }),
    output: pageOf(fileMetadataSchema.extend({ url: z.string() })),
  },
  delete: { input: byStorageId, output: z.object({ deleted: z.literal(true) }) },
  usage: {
    output: z.object({
      /** Ready files and open grants together: what the quota counts. */
      usedBytes: z.number(),
      quotaBytes: z.number(),
      count: z.number().int(),
    }),
  },
};
