// What a browser of this app would do, from the outside.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { createFermata, FermataError } from "@fermata/api";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
// As `prisma migrate deploy` would, which has to fetch its engine first.
const migration = "prisma/migrations/20260101000000_invoices/migration.sql";
await pool.query(await readFile(migration, "utf8"));

const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const server = spawn(
  process.execPath,
  ["node_modules/next/dist/bin/next", "start", "-p", port, "-H", "127.0.0.1"],
  {
    stdio: "inherit",
    env: { ...process.env, BETTER_AUTH_URL: origin },
  },
);
try {
  await answering(`${origin}/api/fermata/health`);
  const maja = await signUp("maja");
  await maja.ask("/api/trpc/createInvoice", { id: "7" });
  const pdf = new Blob(["%PDF-1.7\n%âãÏÓ\n1 0 obj\n<< >>\nendobj\n%%EOF\n"], {
    type: "application/pdf",
  });
  const { storageId } = await maja.client.files.upload(pdf, {
    as: "invoice",
    input: { invoiceId: "7" },
    filename: "Invoice 7.pdf",
  });
  assert.deepEqual(await maja.ask("/api/trpc/invoices"), [
    { id: "7", pdf: { id: storageId, filename: "Invoice 7.pdf", sizeBytes: pdf.size } },
  ]);
  const { quotaBytes, usedBytes } = await maja.client.trpc.files.usage.query();
  assert.deepEqual({ quotaBytes, usedBytes }, { quotaBytes: 100_000_000, usedBytes: pdf.size });

  const tom = await signUp("tom");
  await assert.rejects(
    tom.client.files.upload(pdf, { as: "invoice", input: { invoiceId: "7" } }),
    (error) => error instanceof FermataError && error.code === "FORBIDDEN",
  );
  // Of one tenant.
  assert.equal((await tom.client.trpc.files.usage.query()).usedBytes, pdf.size);
  // The foreign key holds, whoever deletes.
  await assert.rejects(pool.query(`DELETE FROM fermata."File" WHERE id = $1`, [storageId]), {
    code: "23503",
  });

  await maja.client.trpc.files.delete.mutate({ storageId });
  assert.deepEqual(await maja.ask("/api/trpc/invoices"), [{ id: "7", pdf: null }]);
} finally {
  server.kill("SIGTERM");
  await pool.end();
}
process.stdout.write("An invoice owned its PDF, and let go of it.\n");

async function signUp(name) {
  const body = { name, email: `${name}@example.com`, password: "correct horse battery" };
  const answer = await fetch(`${origin}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  const cookie = answer.headers
    .getSetCookie()
    .map((set) => set.split(";")[0])
    .join("; ");
  const asMe = (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("cookie", cookie);
    headers.set("origin", origin);
    return fetch(input, { ...init, headers });
  };
  return {
    client: createFermata({ url: `${origin}/api/fermata`, fetch: asMe }),
    async ask(path, input) {
      const init = input && {
        method: "POST",
        body: JSON.stringify(input),
        headers: { "content-type": "application/json" },
      };
      const text = await (await asMe(origin + path, init)).json();
      assert(text.result, JSON.stringify(text));
      return text.result.data;
    },
  };
}

async function answering(url) {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // It starts.
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${url} does not answer`);
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(String(port)));
    });
  });
}
