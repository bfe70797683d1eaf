import { operations } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { adminProcedure } from "../trpc";
import { readHealth } from "./read-health";

export const operationsRouter = {
  health: adminProcedure.output(operations.health.output).query(({ ctx }) => readHealth(ctx)),
} satisfies TRPCRouterRecord;
