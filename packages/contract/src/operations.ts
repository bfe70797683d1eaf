import { z } from "zod";
import { instantSchema } from "./common";

/** Something that somebody should do. */
export const needSchema = z.object({
  /** The same for as long as it is the same. */
  key: z.string(),
  /** `error` wants somebody today, `warning` some day. */
  severity: z.enum(["error", "warning"]),
  title: z.string(),
  body: z.string(),
});
export type Need = z.infer<typeof needSchema>;

export const operations = {
  /** For admins: how this process, its database and its jobs fare. */
  health: {
    output: z.object({
      needs: z.array(needSchema),
      /** What readiness looks at. */
      checks: z.array(
        z.object({
          name: z.string(),
          ok: z.boolean(),
          /** What to do, when it is not. */
          remedy: z.string().optional(),
          notice: z.string().optional(),
        }),
      ),
      process: z.object({
        startedAt: instantSchema,
        /** How late the event loop was within the last minute, in milliseconds. */
        loopLagP50Ms: z.number(),
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
        /** Since the process began. */
        refused: z.number().int(),
      }),
      outbox: z.object({
        waiting: z.number().int(),
        oldestAt: instantSchema.nullable(),
        /** What the store refused five times or more. */
        refused: z.number().int(),
      }),
      lastBackup: z
        .object({ createdAt: instantSchema, tableRows: z.number(), objects: z.number() })
        .nullable(),
      versions: z.object({
        fermata: z.string(),
        node: z.string(),
        postgres: z.string(),
        /** The newest migration. */
        schema: z.string(),
      }),
    }),
  },
};
