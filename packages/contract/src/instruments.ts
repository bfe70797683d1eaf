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
import type { ContractEntries } from "./contract-entry";
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
  price: lineSchema.nullable().describe("In words: `Price on request`, `NOK 480,000`."),
  seller: lineSchema.nullable().describe("Who offers it."),
  contact: z
    .union([z.email(), webUrlSchema, z.literal("")])
    .nullable()
    .describe("Where visitors ask: an address of mail, or a web page."),
  viewingUrl: z
    .union([webUrlSchema, z.literal("")])
    .nullable()
    .describe("Where visitors see and hear it from afar."),
  footnote: proseSchema.nullable(),
  workshopNotes: z.array(workshopNoteSchema).max(limits.instruments.workshopNotes),
});

export const instrumentMediaSchema = z
  .object({
    itemId: idSchema,
    alt: z.string().describe("What is to be seen, for those who cannot see it."),
    caption: z.string(),
    media: mediaSchema.extend({ url: z.string().nullable() }),
  })
  .meta({ id: "InstrumentMedia" });
export type InstrumentMedia = z.infer<typeof instrumentMediaSchema>;

export const instrumentAttachmentSchema = z
  .object({
    attachmentId: idSchema,
    storageId: idSchema,
    title: z.string(),
    contentType: z.string(),
    sizeBytes: sizeBytesSchema,
    url: z.string(),
  })
  .meta({ id: "InstrumentAttachment" });

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

export const instrumentSchema = summarySchema
  .extend({
    ...detailsSchema.shape,
    publicUrl: z.string().describe("Where it is, or will be, seen."),
    coverItemId: idSchema
      .nullable()
      .describe("The item that stands for it: the chosen one, else the first photo."),
    media: z.array(instrumentMediaSchema).describe("In order."),
    attachments: z.array(instrumentAttachmentSchema),
  })
  .meta({ id: "Instrument" });
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
  url: z.string().describe("Of the original."),
  picture: pictureSchema.nullable().describe("The photo, or what stands for the clip."),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  durationSeconds: z.number().nullable(),
  codec: z.string().nullable(),
  waveform: z.string().nullable().describe("As of media: 256 peaks of a recording, in base64."),
});

export const publicInstrumentSchema = z
  .object({
    slug: slugSchema,
    name: z.string(),
    ...detailsSchema.shape,
    published: z.boolean().describe("False only for the owner, who may look before anybody else."),
    publicUrl: z.string(),
    coverItemId: idSchema.nullable(),
    items: z.array(publicItemSchema),
    attachments: z.array(instrumentAttachmentSchema.omit({ attachmentId: true, storageId: true })),
  })
  .meta({ id: "PublicInstrument" });
export type PublicInstrument = z.infer<typeof publicInstrumentSchema>;

const byId = z.object({ instrumentId: idSchema });
const byItem = byId.extend({ itemId: idSchema });

export const instruments = {
  create: {
    about: "Makes an instrument, seen by its owner alone until it is published.",
    errors: ["CONFLICT"],
    input: detailsSchema.partial().extend({
      name: lineSchema.min(1),
      slug: slugSchema.optional().describe("Made from the name where it is left out."),
    }),
    output: instrumentSchema,
  },
  update: {
    about: "Changes what is said of an instrument; what is left out stays.",
    errors: ["NOT_FOUND", "CONFLICT"],
    input: detailsSchema
      .extend({ name: lineSchema.min(1), slug: slugSchema })
      .partial()
      .extend(byId.shape),
    output: instrumentSchema,
  },
  list: {
    about: "The caller's instruments, newest first.",
    input: pageInputSchema.default({ limit: 50 }),
    output: pageOf(summarySchema.extend({ cover: pictureSchema.nullable() })),
  },
  get: {
    about: "One instrument of the caller's.",
    errors: ["NOT_FOUND"],
    input: byId,
    output: instrumentSchema,
  },
  delete: {
    about: "Deletes an instrument. Its media stay, its documents are released.",
    errors: ["NOT_FOUND"],
    input: byId,
    output: z.object({ deleted: z.literal(true) }),
  },
  addMedia: {
    about:
      "Shows photos, films and recordings of the caller's with the instrument, at the end or before others.",
    errors: ["NOT_FOUND", "UNSUPPORTED_MEDIA_TYPE", "CONFLICT"],
    input: byId.extend({
      keys: z.array(idSchema).min(1).max(limits.instruments.media),
      before: z
        .array(idSchema)
        .max(limits.instruments.media)
        .optional()
        .describe(
          "Keys of media: they go before the first of these that is there, else at the end.",
        ),
    }),
    output: instrumentSchema,
  },
  updateMedia: {
    about: "Changes how a photo or clip is described, or makes it the cover.",
    errors: ["NOT_FOUND"],
    input: byItem.extend({
      alt: lineSchema.optional(),
      caption: lineSchema.optional(),
      cover: z
        .literal(true)
        .optional()
        .describe("Makes it the one that stands for the instrument."),
    }),
    output: instrumentSchema,
  },
  removeMedia: {
    about: "Takes a photo or clip from the instrument; it stays among the media.",
    errors: ["NOT_FOUND"],
    input: byItem,
    output: instrumentSchema,
  },
  reorderMedia: {
    about: "Puts the photos and clips in another order.",
    errors: ["NOT_FOUND", "CONFLICT"],
    input: byId
      .extend({ itemIds: z.array(idSchema).max(limits.instruments.media) })
      .describe("Every item, each once, in the new order."),
    output: instrumentSchema,
  },
  attachFile: {
    about: "Adds a file of the caller's as a document.",
    errors: ["NOT_FOUND", "CONFLICT"],
    input: byId.extend({ storageId: idSchema, title: lineSchema.min(1) }),
    output: instrumentSchema,
  },
  detachFile: {
    about:
      "Takes a document away; its file is purged a day later, unless something else refers to it.",
    errors: ["NOT_FOUND"],
    input: byId.extend({ attachmentId: idSchema }),
    output: instrumentSchema,
  },
  publish: {
    about: "Shows the instrument to everybody, or to nobody else again.",
    errors: ["NOT_FOUND"],
    input: byId.extend({ published: z.boolean() }),
    output: instrumentSchema,
  },
  getPublic: {
    about:
      "A published instrument as visitors see it; null for one that does not exist or is not published.",
    input: z.object({ slug: slugSchema }),
    output: publicInstrumentSchema
      .nullable()
      .describe("Null for one that does not exist or is not published."),
  },
} satisfies ContractEntries;
