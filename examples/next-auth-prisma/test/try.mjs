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
    env: { ...process.env, NEXTAUTH_URL: origin },
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
  // Fermata's procedures, asked in the app's own router.
  assert.equal((await maja.ask("/api/trpc/files.usage")).usedBytes, pdf.size);
  assert.match(await maja.ask("/api/trpc/files.getUrl", undefined, { storageId }), /^http/);

  const tom = await signUp("tom");
  await assert.rejects(
    tom.client.files.upload(pdf, { as: "invoice", input: { invoiceId: "7" } }),
    (error) => error instanceof FermataError && error.code === "FORBIDDEN",
  );
  const { error } = await tom.answer("/api/trpc/files.delete", { storageId });
  assert.equal(error.data.appCode, "NOT_FOUND");
  assert.equal(error.data.help, "Write to help@example.com.");
  // The foreign key holds, whoever deletes.
  await assert.rejects(pool.query(`DELETE FROM fermata."File" WHERE id = $1`, [storageId]), {
    code: "23503",
  });

  await maja.ask("/api/trpc/files.delete", { storageId });
  assert.deepEqual(await maja.ask("/api/trpc/invoices"), [{ id: "7", pdf: null }]);
} finally {
  server.kill("SIGTERM");
  await pool.end();
}
process.stdout.write("An invoice owned its PDF, and let go of it.\n");

async function signUp(name) {
  const cookies = new Map();
  const asMe = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("cookie", [...cookies].map((pair) => pair.join("=")).join("; "));
    headers.set("origin", origin);
    const response = await fetch(input, { ...init, headers, redirect: "manual" });
    for (const set of response.headers.getSetCookie()) {
      const [cookie] = set.split(";");
      const at = cookie.indexOf("=");
      cookies.set(cookie.slice(0, at), cookie.slice(at + 1));
    }
    return response;
  };
  const answer = async (path, body, input) => {
    const query = input ? `?input=${encodeURIComponent(JSON.stringify(input))}` : "";
    const init = body && {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    };
    return (await asMe(origin + path + query, init)).json();
  };
  const ask = async (...question) => {
    const told = await answer(...question);
    assert(told.result, JSON.stringify(told));
    return told.result.data;
  };
  const password = "correct horse battery";
  await ask("/api/trpc/signUp", { name, password });
  // As next-auth's own page does.
  const { csrfToken } = await answer("/api/auth/csrf");
  const signIn = new URLSearchParams({ csrfToken, name, password, json: "true" });
  await asMe(`${origin}/api/auth/callback/credentials`, { method: "POST", body: signIn });
  assert(cookies.has("next-auth.session-token"), "nobody was signed in");
  return { client: createFermata({ url: `${origin}/api/fermata`, fetch: asMe }), answer, ask };
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
