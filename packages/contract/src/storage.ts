import { z } from "zod";
import {
  contentTypeSchema,
  filenameSchema,
  idSchema,
  instantSchema,
  md5Schema,
  pageInputSchema,
  pageOf,
  sizeBytesSchema,
} from "./common";
import { limits } from "./limits";

export const mediaStatusSchema = z.enum(["pending", "ready", "failed"]);
export const visibilitySchema = z.enum(["public", "private"]);

export const mediaSchema = z.object({
  key: idSchema,
  filename: z.string(),
  contentType: z.string(),
  sizeBytes: sizeBytesSchema,
  status: mediaStatusSchema,
  visibility: visibilitySchema,
  createdAt: instantSchema,
  publicUrl: z.string().nullable(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  durationSeconds: z.number().optional(),
});
export type Media = z.infer<typeof mediaSchema>;

const partNumberSchema = z.number().int().min(1).max(limits.storage.maxParts);
const headersSchema = z.record(z.string(), z.string());
const byKey = z.object({ key: idSchema });
/** An upload of no bytes holds nothing: one byte is the least. */
const mediaSizeSchema = z.number().int().min(1);

export const storage = {
  getUploadUrl: {
    input: z.object({
      filename: filenameSchema,
      contentType: contentTypeSchema,
      sizeBytes: mediaSizeSchema.max(limits.storage.maxSinglePutBytes).optional(),
      md5: md5Schema.optional(),
      visibility: visibilitySchema.default("public"),
    }),
    output: z.object({
      key: idSchema,
      uploadUrl: z.url(),
      method: z.literal("PUT"),
      /** Send exactly these: they are signed. */
      headers: headersSchema,
      publicUrl: z.string().nullable(),
      expiresAt: instantSchema,
    }),
  },
  completeUpload: { input: byKey, output: mediaSchema },
  createMultipartUpload: {
    input: z.object({
      filename: filenameSchema,
      contentType: contentTypeSchema,
      sizeBytes: mediaSizeSchema.max(limits.storage.maxBytes),
      visibility: visibilitySchema.default("public"),
    }),
    output: z.object({
      key: idSchema,
      uploadId: z.string(),
      partSizeBytes: z.number().int(),
      partCount: z.number().int(),
      publicUrl: z.string().nullable(),
      expiresAt: instantSchema,
    }),
  },
  signParts: {
    input: byKey.extend({
      parts: z
        .array(z.object({ partNumber: partNumberSchema, md5: md5Schema.optional() }))
        .min(1)
        .max(limits.storage.partsPerCall),
      /** Parts that the store has taken since the last call: kept, so that a reload can resume. */
      uploaded: z
        .array(z.object({ partNumber: partNumberSchema, etag: z.string().min(1).max(512) }))
        .max(limits.storage.maxParts)
        .optional(),
    }),
    output: z.object({
      urls: z.array(
        z.object({ partNumber: partNumberSchema, url: z.url(), headers: headersSchema }),
      ),
    }),
  },
  listParts: {
    input: byKey,
    output: z.object({
      parts: z.array(
        z.object({ partNumber: partNumberSchema, sizeBytes: sizeBytesSchema, etag: z.string() }),
      ),
    }),
  },
  completeMultipartUpload: {
    input: byKey.extend({
      parts: z
        .array(z.object({ partNumber: partNumberSchema, etag: z.string().min(1).max(512) }))
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
    output: pageOf(mediaSchema.extend({ url: z.string().nullable() })),
  },
  usage: {
    output: z.object({
      usedBytes: z.number(),
      quotaBytes: z.number(),
      count: z.number().int(),
    }),
  },
  delete: { input: byKey, output: z.object({ deleted: z.literal(true) }) },
};
