import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createTestDatabase } from "@fermata/embedded/testing";
import { initTRPC } from "@trpc/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createFermataServer, type FermataServerOptions } from "../index";
import { diskStore } from "../stores";
import { type FetchServer, serveFetch } from "../testing/serve-fetch";
import { libraryRouter } from "../testing/test-context";

const t = initTRPC.create();
const invoice = z.object({ invoiceId: z.string() });
const cents = z.object({ cents: z.int(), name: z.string() });

let dir: string;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let options: FermataServerOptions;
let fermata: ReturnType<typeof createFermataServer>;
let server: FetchServer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-openapi-"));
  database = await createTestDatabase();
  options = {
    database: { url: database.url },
    secret: "a secret that only this test knows, long enough",
    store: diskStore({ directory: dir }),
    identify: (request) =>
      request.headers.get("authorization") === "Bearer maja" ? { userId: "maja" } : null,
    routers: {
      invoices: t.router({
        pay: t.procedure
          .input(invoice)
          .output(cents)
          .mutation(() => ({ cents: 100, name: "first" })),
        secret: t.procedure.query(() => 1),
      }),
    },
    openapi: {
      "invoices.pay": {
        about: "Pays an invoice.",
        callers: "signed-in users",
        errors: ["CONFLICT"],
        input: invoice,
        output: cents,
        fields: { invoiceId: "The invoice's." },
      },
    },
  };
  fermata = createFermataServer(options);
  await fermata.migrate();
  server = await serveFetch(fermata.handler);
});
afterAll(async () => {
  await server.close();
  await fermata.close();
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});

interface Operation {
  operationId: string;
  description: string;
}

async function readDocument() {
  const response = await fetch(`${server.origin}/api/fermata/openapi.json`);
  expect(response.status).toBe(200);
  return (await response.json()) as { paths: Record<string, Record<string, Operation>> };
}

test("names every procedure of the library's once, with its method", async () => {
  const { paths } = await readDocument();
  for (const [path, procedure] of Object.entries(libraryRouter._def.procedures)) {
    const { type } = (procedure as unknown as { _def: { type: string } })._def;
    const method = type === "mutation" ? "post" : "get";
    expect(Object.keys(paths[`/trpc/${path}`] ?? {})).toEqual([method]);
  }
});

test("tells of the app's own procedures what the app says, and nothing of others", async () => {
  const { paths } = await readDocument();
  const { post: pay } = paths["/trpc/invoices.pay"] ?? {};
  expect(pay).toMatchObject({
    operationId: "invoices_pay",
    summary: "Pays an invoice.",
    description: expect.stringMatching(/^For signed-in users\. Fails with CONFLICT\. /),
    requestBody: {
      content: {
        "application/json": {
          schema: { properties: { invoiceId: { type: "string", description: "The invoice's." } } },
        },
      },
    },
  });
  // What a name means in the library it need not mean in an app.
  expect(JSON.stringify(pay)).toContain('"name":{"type":"string"}');
  expect(paths).not.toHaveProperty(["/trpc/invoices.secret"]);
});

test("a procedure that is told of and not there is refused at the start", () => {
  const about = { about: "Nothing.", callers: "anybody", output: cents };
  expect(() => createFermataServer({ ...options, openapi: { "invoices.gone": about } })).toThrow(
    /openapi\["invoices\.gone"\]/,
  );
});

test("a program that knows the document alone stores a file and reads it, below an app's own path", async () => {
  const client = fileURLToPath(new URL("client.py", import.meta.url));
  const url = `${server.origin}/api/fermata/openapi.json`;
  const { stdout } = await promisify(execFile)("python3", [client, url, "maja"]);
  expect(stdout).toContain("stored and read");
});
