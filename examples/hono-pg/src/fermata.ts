import { createFermataServer, upload } from "@fermata/server";
import { diskStore } from "@fermata/server/stores";
import pg from "pg";
import { z } from "zod";

export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

/** Stands for any sign-in: here a bearer is the user's name. */
function whoIs(request: Request) {
  const name = request.headers.get("authorization")?.replace("Bearer ", "");
  return name ? { userId: name, name } : null;
}

export const fermata = createFermataServer({
  database: { pool },
  secret: process.env.FERMATA_SECRET ?? "only for this example: make one of your own",
  store: diskStore({ directory: process.env.BYTES ?? "./bytes" }),
  identify: whoIs,
  owners: [{ table: "invoice", column: "pdf_id", whenFileDeleted: "clear" }],
  uploads: {
    invoice: upload({
      types: ["application/pdf"],
      maxBytes: 10_000_000,
      input: z.object({ invoiceId: z.string() }),
    })
      .allow(({ input }) => !input.invoiceId.startsWith("paid-"))
      .done(async ({ tx, file, input }) => {
        await tx.query("UPDATE invoice SET pdf_id = $1 WHERE id = $2", [
          file.storageId,
          input.invoiceId,
        ]);
      }),
  },
});
