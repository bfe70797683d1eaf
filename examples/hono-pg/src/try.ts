// What a browser of this app would do, from the outside.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createFermata, FermataError } from "@fermata/api";
import { fermata, pool } from "./fermata.js";
import { server } from "./server.js";

if (!server.listening) await once(server, "listening");
const address = server.address();
assert(address && typeof address === "object");
await pool.query("INSERT INTO invoice (id) VALUES ('7') ON CONFLICT DO NOTHING");

const url = `http://127.0.0.1:${address.port}/api/fermata`;
const client = createFermata<typeof fermata>({ url, token: "maja" });
const pdf = new Blob(["%PDF-1.7\n%âãÏÓ\n1 0 obj\n<< >>\nendobj\n%%EOF\n"], {
  type: "application/pdf",
});

const { storageId } = await client.files.upload(pdf, {
  as: "invoice",
  input: { invoiceId: "7" },
  filename: "Invoice 7.pdf",
});
const invoices = (await (await fetch(new URL("/invoices", url))).json()) as unknown[];
assert.deepEqual(invoices, [{ id: "7", pdf_id: storageId }]);

const metadata = await client.trpc.files.getMetadata.query({ storageId });
assert.deepEqual(metadata?.attachedTo, { relation: "invoice.pdf_id", id: "7" });
const link = await client.trpc.files.getUrl.query({ storageId });
assert(link);
assert.equal(await (await fetch(link)).text(), await pdf.text());

// @ts-expect-error the rule takes an invoice's id
const untyped = client.files.upload(pdf, { as: "invoice", input: { invoice: 7 } });
await assert.rejects(
  untyped,
  (error) => error instanceof FermataError && error.code === "INVALID_INPUT",
);
const refused = client.files.upload(pdf, { as: "invoice", input: { invoiceId: "paid-8" } });
await assert.rejects(
  refused,
  (error) => error instanceof FermataError && error.code === "FORBIDDEN",
);

await client.trpc.files.delete.mutate({ storageId });
assert.deepEqual((await pool.query("SELECT pdf_id FROM invoice")).rows, [{ pdf_id: null }]);

server.close();
await fermata.close();
await pool.end();
process.stdout.write("An invoice owned its PDF, and let go of it.\n");
