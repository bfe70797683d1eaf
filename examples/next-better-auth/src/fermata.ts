import { createFermataServer, upload } from "@fermata/server";
import { diskStore } from "@fermata/server/stores";
import { z } from "zod";
import type { PrismaClient } from "./generated/prisma/client";
import { auth } from "./lib/auth";
import { prisma } from "./lib/prisma";

declare module "@fermata/server" {
  interface Register {
    prisma: PrismaClient;
  }
}

export const fermata = createFermataServer({
  database: { prisma },
  secret: process.env.FERMATA_SECRET ?? "only for this example: make one of your own",
  store: diskStore({ directory: process.env.BYTES ?? "./.fermata" }),
  identify: async (request) => {
    const session = await auth.api.getSession({ headers: request.headers });
    return session && { userId: session.user.id, name: session.user.name, tenantId: "studio" };
  },
  // All of a tenant's bytes count together.
  quota: ({ tenantId, userId }) => ({
    subject: tenantId ?? userId,
    filesBytes: 100_000_000,
    mediaBytes: 1e9,
  }),
  owners: [{ table: "Invoice", column: "pdfId", whenFileDeleted: "clear" }],
  uploads: {
    invoice: upload({
      types: ["application/pdf"],
      maxBytes: 10_000_000,
      input: z.object({ invoiceId: z.string() }),
    })
      .allow(async ({ who, input }) => {
        const where = { id: input.invoiceId, userId: who.userId };
        return (await prisma.invoice.count({ where })) === 1;
      })
      .done(async ({ tx, file, input }) => {
        await tx.prisma.invoice.update({
          where: { id: input.invoiceId },
          data: { pdfId: file.storageId },
        });
      }),
  },
  crons: (crons) =>
    crons.daily("count invoices", { hourUTC: 6 }, async () => ({
      open: await prisma.invoice.count({ where: { pdfId: null } }),
    })),
  inngest: { id: "next-better-auth" },
});
