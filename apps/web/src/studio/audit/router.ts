import { audit } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { adminProcedure } from "../trpc";
import { listAudit } from "./list-audit";

export const auditRouter = {
  list: adminProcedure
    .input(audit.list.input)
    .output(audit.list.output)
    .query(({ ctx, input }) => listAudit(ctx, input)),
} satisfies TRPCRouterRecord;
