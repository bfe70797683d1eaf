import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase } from "@fermata/embedded/testing";
import pg from "pg";
import { z } from "zod";
import {
  createFermataServer,
  type DatabaseOption,
  type FermataServer,
  type FermataServerOptions,
  upload,
} from "../index";
import { diskStore } from "../stores";
import { testClock } from "../testing";
import { png } from "./file-lab";
import { silentLog } from "./silent-log";

export const hostOrigin = "https://app.example.com";

/** An app of somebody else's: a database with nothing of ours, two invoices, and a bearer that names its user. */
export async function openHostLab() {
  const dir = await mkdtemp(join(tmpdir(), "fermata-host-"));
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url });
  await pool.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  const clock = testClock();
  const opened: FermataServer[] = [];

  return {
    dir,
    url: database.url,
    pool,
    clock,
    mount(option: DatabaseOption, more: Partial<FermataServerOptions> = {}) {
      const fermata = createFermataServer({
        database: option,
        secret: "a secret that only this test knows, long enough",
        store: diskStore({ directory: dir }),
        identify: (request) => {
          const name = /^Bearer (\w+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
          return name ? { userId: name, name } : null;
        },
        owners: [{ table: "Invoice", column: "pdfId", whenFileDeleted: "clear" }],
        uploads: { invoice: invoiceRule() },
        clock,
        log: silentLog,
        ...more,
      });
      opened.push(fermata);
      return fermata;
    },
    /** The app's own table, in a schema of its own where it has one. */
    async makeInvoices(schema = "public", ours = "fermata") {
      await pool.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
      await pool.query(
        `CREATE TABLE "${schema}"."Invoice" (id text PRIMARY KEY, paid int NOT NULL DEFAULT 0,
           "pdfId" text REFERENCES "${ours}"."File" (id))`,
      );
      await pool.query(`INSERT INTO "${schema}"."Invoice" (id) VALUES ('7'), ('8')`);
    },
    async close() {
      for (const fermata of opened) await fermata.close();
      if (!pool.ended) await pool.end();
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export function invoiceRule(hooks: { before?: () => void; after?: () => void } = {}) {
  return upload({ input: z.object({ invoiceId: z.string() }) }).done(
    async ({ tx, file, input }) => {
      hooks.before?.();
      await tx.query(`UPDATE "Invoice" SET "pdfId" = $1, paid = paid + 1 WHERE id = $2`, [
        file.storageId,
        input.invoiceId,
      ]);
      hooks.after?.();
    },
  );
}

/** A browser of that app. */
export function browserOf(fermata: Pick<FermataServer, "handler">, as = "maja") {
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${as}`, ...init.headers };
    const response = await fermata.handler(
      new Request(new URL(path, `${hostOrigin}/api/fermata/`), { ...init, headers }),
    );
    // biome-ignore lint/suspicious/noExplicitAny: answers of any procedure
    return { status: response.status, body: (await response.json()) as any };
  };
  const call = (name: string, input: object = {}) =>
    ask(`trpc/${name}`, {
      method: "POST",
      body: JSON.stringify(input),
      headers: { "content-type": "application/json" },
    });
  return {
    ask,
    call,
    query: (name: string, input?: object) =>
      ask(`trpc/${name}${input ? `?input=${encodeURIComponent(JSON.stringify(input))}` : ""}`),
    async upload(terms: object = {}, bytes: Uint8Array = png(2_000)) {
      const { body } = await call("files.generateUploadUrl", terms);
      if (body.error) return { status: body.error.data.httpStatus as number, body };
      return ask(body.result.data.url, {
        method: "POST",
        body: bytes as Uint8Array<ArrayBuffer>,
        headers: { "content-type": "image/png" },
      });
    },
  };
}
