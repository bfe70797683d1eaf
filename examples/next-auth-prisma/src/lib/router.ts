import { randomUUID } from "node:crypto";
import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import { fermata } from "../fermata";
import { hashPassword, signedInUser } from "./auth";
import { prisma } from "./prisma";

const t = initTRPC.context<{ req: Request; resHeaders: Headers }>().create({
  // What the app says of every failure stays, and Fermata's own have their `appCode` besides.
  errorFormatter: ({ shape, error }) =>
    fermata.errorFormatter({
      shape: { ...shape, data: { ...shape.data, help: "Write to help@example.com." } },
      error,
    }),
});

const signedIn = t.procedure.use(async ({ next }) => {
  const user = await signedInUser();
  if (!user) throw new TRPCError({ code: "UNAUTHORIZED" });
  return next({ ctx: user });
});

/** The app's own procedures and Fermata's, in one router with one formatter of errors. */
export const appRouter = t.router({
  files: fermata.routers.files,
  storage: fermata.routers.storage,
  signUp: t.procedure
    .input(z.object({ name: z.string(), password: z.string().min(12) }))
    .mutation(async ({ input }) => {
      const { name, password } = input;
      const data = { id: randomUUID(), name, passwordHash: hashPassword(password) };
      return { userId: (await prisma.user.create({ data })).id };
    }),
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
