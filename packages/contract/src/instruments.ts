import { z } from "zod";
import {
  idSchema,
  instantSchema,
  keepable,
  pageInputSchema,
  pageOf,
  sizeBytesSchema,
  textSchema,
} from "./common";
import { limits } from "./limits";
import { mediaSchema, mediaVariantSchema } from "./storage";

/** The last part of the public address. */
export const slugSchema = z
  .string()
  .max(limits.instruments.slugChars)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "small letters and digits, with single hyphens between");

const lineSchema = textSchema.normalize("NFC").trim().max(limits.instruments.lineChars);
const proseSchema = textSchema.normalize("NFC").trim().max(limits.instruments.textChars);
const webUrlSchema = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .regex(...keepable);

/** What the workshop did, and when, as it is shown. */
export const workshopNoteSchema = z.object({ when: lineSchema, text: proseSchema.min(1) });

/** Empty or null where nothing is said. */
const detailsSchema = z.object({
  description: proseSchema.nullable(),
  maker: lineSchema.nullable(),
  year: lineSchema.nullable(),
  serial: lineSchema.nullable(),
  size: lineSchema.nullable(),
  case: lineSchema.nullable(),
  condition: proseSchema.nullable(),
  /** In words: `Price on request`, `NOK 480,000`. */
  price: lineSchema.nullable(),
  /** Who offers it. */
  seller: lineSchema.nullable(),
  /** Where visitors ask: an address of mail, or a web page. */
  contact: z.union([z.email(), webUrlSchema, z.literal("")]).nullable(),
  /** Where visitors see and hear it from afar. */
  viewingUrl: z.union([webUrlSchema, z.literal("")]).nullable(),
  footnote: proseSchema.nullable(),
  workshopNotes: z.array(workshopNoteSchema).max(limits.instruments.workshopNotes),
});

export const instrumentMediaSchema = z.object({
  itemId: idSchema,
  /** What is to be seen, for those who cannot see it. */
  alt: z.string(),
  caption: z.string(),
  media: mediaSchema.extend({ url: z.string().nullable() }),
});
export type InstrumentMedia = z.infer<typeof instrumentMediaSchema>;

export const instrumentAttachmentSchema = z.object({
  attachmentId: idSchema,
  storageId: idSchema,
  title: z.string(),
  contentType: z.string(),
  sizeBytes: sizeBytesSchema,
  url: z.string(),
});

const summarySchema = z.object({
  instrumentId: idSchema,
  slug: slugSchema,
  name: z.string(),
  maker: z.string().nullable(),
  year: z.string().nullable(),
  publishedAt: instantSchema.nullable(),
  createdAt: instantSchema,
  updatedAt: instantSchema,
  photoCount: z.number().int(),
  clipCount: z.number().int(),
});

export const instrumentSchema = summarySchema.extend({
  ...detailsSchema.shape,
  /** Where it is, or will be, seen. */
  publicUrl: z.string(),
  /** The item that stands for it: the chosen one, else the first photo. */
  coverItemId: idSchema.nullable(),
  /** In order. */
  media: z.array(instrumentMediaSchema),
  attachments: z.array(instrumentAttachmentSchema),
});
export type Instrument = z.infer<typeof instrumentSchema>;

const pictureSchema = z.object({
  url: z.string(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  thumbHash: z.string().nullable(),
  variants: z.array(mediaVariantSchema),
});

const publicItemSchema = z.object({
  itemId: idSchema,
  kind: z.enum(["photo", "clip"]),
  alt: z.string(),
  caption: z.string(),
  contentType: z.string(),
  /** Of the original. */
  url: z.string(),
  /** The photo, or what stands for the clip. */
  picture: pictureSchema.nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  durationSeconds: z.number().nullable(),
  codec: z.string().nullable(),
});

export const publicInstrumentSchema = z.object({
  slug: slugSchema,
  name: z.string(),
  ...detailsSchema.shape,
  /** False only for the owner, who may look before anybody else. */
  published: z.boolean(),
  publicUrl: z.string(),
  coverItemId: idSchema.nullable(),
  items: z.array(publicItemSchema),
  attachments: z.array(instrumentAttachmentSchema.omit({ attachmentId: true, storageId: true })),
});
export type PublicInstrument = z.infer<typeof publicInstrumentSchema>;

const byId = z.object({ instrumentId: idSchema });
const byItem = byId.extend({ itemId: idSchema });

export const instruments = {
  create: {
    input: detailsSchema.partial().extend({
      name: lineSchema.min(1),
      /** Made from the name where it is left out. */
      slug: slugSchema.optional(),
    }),
    output: instrumentSchema,
  },
  update: {
    input: detailsSchema
      .extend({ name: lineSchema.min(1), slug: slugSchema })
      .partial()
      .extend(byId.shape),
    output: instrumentSchema,
  },
  list: {
    input: pageInputSchema.default({ limit: 50 }),
    output: pageOf(summarySchema.extend({ cover: pictureSchema.nullable() })),
  },
  get: { input: byId, output: instrumentSchema },
  delete: { input: byId, output: z.object({ deleted: z.literal(true) }) },
  addMedia: {
    input: byId.extend({ keys: z.array(idSchema).min(1).max(limits.instruments.media) }),
    output: instrumentSchema,
  },
  updateMedia: {
    input: byItem.extend({
      alt: lineSchema.optional(),
      caption: lineSchema.optional(),
      /** Makes it the one that stands for the instrument. */
      cover: z.literal(true).optional(),
    }),
    output: instrumentSchema,
  },
  removeMedia: { input: byItem, output: instrumentSchema },
  reorderMedia: {
    /** Every item, each once, in the new order. */
    input: byId.extend({ itemIds: z.array(idSchema).max(limits.instruments.media) }),
    output: instrumentSchema,
  },
  attachFile: {
    input: byId.extend({ storageId: idSchema, title: lineSchema.min(1) }),
    output: instrumentSchema,
  },
  detachFile: { input: byId.extend({ attachmentId: idSchema }), output: instrumentSchema },
  publish: { input: byId.extend({ published: z.boolean() }), output: instrumentSchema },
  getPublic: {
    input: z.object({ slug: slugSchema }),
    /** Null for one that does not exist or is not published. */
    output: publicInstrumentSchema.nullable(),
  },
};
