import { z } from "zod";
import { instantSchema } from "./common";
import type { ContractEntries } from "./contract-entry";

/** Something that somebody should do. */
export const needSchema = z
  .object({
    key: z.string().describe("The same for as long as it is the same."),
    severity: z
      .enum(["error", "warning"])
      .describe("`error` wants somebody today, `warning` some day."),
    title: z.string(),
    body: z.string(),
  })
  .meta({ id: "Need" });
export type Need = z.infer<typeof needSchema>;

export const operations = {
  health: {
    about: "For admins: how this process, its database and its jobs fare.",
    output: z.object({
      needs: z.array(needSchema),
      checks: z
        .array(
          z.object({
            name: z.string(),
            ok: z.boolean(),
            remedy: z.string().optional().describe("What to do, when it is not."),
            notice: z.string().optional(),
          }),
        )
        .describe("What readiness looks at."),
      process: z.object({
        startedAt: instantSchema,
        loopLagP50Ms: z
          .number()
          .describe("How late the event loop was within the last minute, in milliseconds."),
        loopLagP99Ms: z.number(),
        residentBytes: z.number(),
        heapUsedBytes: z.number(),
        heapLimitBytes: z.number(),
      }),
      pool: z.object({
        size: z.number().int(),
        open: z.number().int(),
        idle: z.number().int(),
        waiting: z.number().int(),
      }),
      requests: z.object({
        slots: z.number().int(),
        running: z.number().int(),
        waiting: z.number().int(),
        refused: z.number().int().describe("Since the process began."),
      }),
      outbox: z.object({
        waiting: z.number().int(),
        oldestAt: instantSchema.nullable(),
        refused: z.number().int().describe("What the store refused five times or more."),
      }),
      lastBackup: z
        .object({ createdAt: instantSchema, tableRows: z.number(), objects: z.number() })
        .nullable(),
      versions: z.object({
        fermata: z.string(),
        node: z.string(),
        postgres: z.string(),
        schema: z.string().describe("The newest migration."),
      }),
    }),
  },
} satisfies ContractEntries;
