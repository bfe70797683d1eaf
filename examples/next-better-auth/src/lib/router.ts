import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import { auth } from "./auth";
import { prisma } from "./prisma";

const t = initTRPC.context<{ req: Request }>().create();

const signedIn = t.procedure.use(async ({ ctx, next }) => {
  const session = await auth.api.getSession({ headers: ctx.req.headers });
  if (!session) throw new TRPCError({ code: "UNAUTHORIZED" });
  return next({ ctx: { userId: session.user.id } });
});

/** The app's own procedures, beside Fermata's. */
export const appRouter = t.router({
  createInvoice: signedIn
    .input(z.object({ id: z.string() }))
    .mutation(({ ctx, input }) =>
      prisma.invoice.create({ data: { id: input.id, userId: ctx.userId } }),
    ),
  // The file is a relation like any other.
  invoices: signedIn.query(({ ctx }) =>
    prisma.invoice.findMany({
      where: { userId: ctx.userId },
      select: { id: true, pdf: { select: { id: true, filename: true, sizeBytes: true } } },
    }),
  ),
});
