import { z } from "zod";
import { idSchema, instantSchema, pageInputSchema, pageOf, textSchema } from "./common";
import type { ContractEntries } from "./contract-entry";
import { limits } from "./limits";

const sourceSchema = textSchema.min(1).max(200);
const sourceIdSchema = textSchema.min(1).max(200);

/** What a file of another product became here: a file, media, or, where that was deleted since, neither. */
const importedSchema = z
  .object({
    sourceId: sourceIdSchema,
    sourceCreatedAt: instantSchema.nullable(),
    storageId: idSchema.nullable(),
    mediaKey: idSchema.nullable(),
    mediaStatus: z
      .enum(["pending", "ready", "failed"])
      .nullable()
      .describe("Of the media: only what is ready has arrived."),
  })
  .meta({ id: "ImportedFile" });
export type ImportedFile = z.infer<typeof importedSchema>;

export const imports = {
  find: {
    about: "Which of these ids are here already. Ids that are not are left out.",
    input: z.object({
      source: sourceSchema,
      sourceIds: z.array(sourceIdSchema).min(1).max(limits.pageItems),
    }),
    output: z.object({ items: z.array(importedSchema) }),
  },
  record: {
    about: "Notes what became of one id. An id that was noted before is noted anew.",
    errors: ["NOT_FOUND", "CONFLICT"],
    input: z
      .object({
        source: sourceSchema,
        sourceId: sourceIdSchema,
        sourceCreatedAt: instantSchema.optional(),
        storageId: idSchema.optional(),
        mediaKey: idSchema.optional(),
      })
      .refine(({ storageId, mediaKey }) => (storageId === undefined) !== (mediaKey === undefined), {
        message: "Name a file or a media, and only one of them.",
      })
      .meta({
        examples: [{ source: "convex", sourceId: "kg2abc", storageId: "cm4x2k9v80001" }],
      }),
    output: z.object({ recorded: z.literal(true) }),
  },
  list: {
    about: "Everything that came from a source, the newest first.",
    input: pageInputSchema.extend({ source: sourceSchema }),
    output: pageOf(importedSchema),
  },
  forget: {
    about:
      "Forgets a source. Its files stay, and those that nothing else refers to are a day from their purge.",
    input: z.object({ source: sourceSchema }),
    output: z.object({ forgotten: z.number().int() }),
  },
} satisfies ContractEntries;
