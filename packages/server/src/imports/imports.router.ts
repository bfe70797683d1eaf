import { imports } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { userProcedure } from "../trpc";
import { findImported } from "./find-imported";
import { forgetImported } from "./forget-imported";
import { listImported } from "./list-imported";
import { recordImported } from "./record-imported";

export const importsRouter = {
  find: userProcedure
    .input(imports.find.input)
    .output(imports.find.output)
    .query(({ ctx, input }) => findImported(ctx, input)),
  list: userProcedure
    .input(imports.list.input)
    .output(imports.list.output)
    .query(({ ctx, input }) => listImported(ctx, input)),
  record: userProcedure
    .input(imports.record.input)
    .output(imports.record.output)
    .mutation(({ ctx, input }) => recordImported(ctx, input)),
  forget: userProcedure
    .input(imports.forget.input)
    .output(imports.forget.output)
    .mutation(({ ctx, input }) => forgetImported(ctx, input)),
} satisfies TRPCRouterRecord;
