import { createFermataServer, upload } from "@fermata/server";
import { diskStore } from "@fermata/server/stores";
import { z } from "zod";
import type { PrismaClient } from "./generated/prisma/client";
import { signedInUser } from "./lib/auth";
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
  identify: signedInUser,
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
  inngest: { id: "next-auth-prisma" },
});
