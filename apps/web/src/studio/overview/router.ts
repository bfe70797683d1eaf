import { overview } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { userProcedure } from "../trpc";
import { getSummary } from "./get-summary";

export const overviewRouter = {
  summary: userProcedure.output(overview.summary.output).query(({ ctx }) => getSummary(ctx)),
} satisfies TRPCRouterRecord;
