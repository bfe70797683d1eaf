// What the work of a rule costs: uploads of 100 KB by a rule whose `done` updates a row of the app's own, beside the same
// uploads without a rule, in one app, turn by turn.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFermata } from "@fermata/api";
import { startPostgres } from "@fermata/embedded/postgres";
import { createFermataServer, upload } from "@fermata/server";
import { diskStore } from "@fermata/server/stores";
import { serve } from "@hono/node-server";
import pg from "pg";
import { z } from "zod";
import { median, spread, table } from "../statistics";

const rounds = Number(process.argv[2] ?? 9);
const uploadsOfARound = 200;
const atOnce = 8;
const secret = "a secret for one benchmark, long enough";

const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
const postgres = await startPostgres({ dataDir: join(dir, "postgres"), database: "host" });
const pool = new pg.Pool({ connectionString: postgres.url });
const fermata = createFermataServer({
  database: { url: postgres.url },
  secret,
  store: diskStore({ directory: join(dir, "bytes") }),
  identify: () => ({ userId: "maja" }),
  quota: { filesBytes: 2 ** 45, mediaBytes: 2 ** 45 },
  rateLimits: {},
  owners: [{ table: "invoice", column: "pdf_id", whenFileDeleted: "clear" }],
  uploads: {
    invoice: upload({ input: z.object({ invoiceId: z.number() }) }).done(
      async ({ tx, file, input }) => {
        await tx.query("UPDATE invoice SET pdf_id = $1 WHERE id = $2", [
          file.storageId,
          input.invoiceId,
        ]);
      },
    ),
  },
});
await fermata.migrate();
await pool.query(`CREATE TABLE invoice (id int PRIMARY KEY, pdf_id text REFERENCES fermata."File" (id));
  INSERT INTO invoice SELECT n FROM generate_series(1, ${uploadsOfARound}) n`);
const server = serve({
  fetch: (request) => fermata.handler(request),
  hostname: "127.0.0.1",
  port: 0,
});
if (!server.listening) await once(server, "listening");
const address = server.address();
if (!address || typeof address !== "object") throw new Error("the server has no port");
const client = createFermata<typeof fermata>({
  url: `http://127.0.0.1:${address.port}/api/fermata`,
});

/** Text, which needs no parser, and is another one each time. */
const body = () => new Blob([randomBytes(50_000).toString("hex")], { type: "text/plain" });

/** @returns milliseconds of an upload, on average */
async function measure(send: (invoiceId: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const begunAt = performance.now();
  const worker = async () => {
    while (next < uploadsOfARound) await send(++next);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (performance.now() - begunAt) / uploadsOfARound;
}

const plain: number[] = [];
const byRule: number[] = [];
try {
  // One round unmeasured: the first requests pay for compiling.
  for (let round = -1; round < rounds; round++) {
    const without = await measure(() => client.files.upload(body()));
    const withDone = await measure((invoiceId) =>
      client.files.upload(body(), { as: "invoice", input: { invoiceId } }),
    );
    if (round < 0) continue;
    plain.push(without);
    byRule.push(withDone);
  }
} finally {
  server.close();
  await fermata.close();
  await pool.end();
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}
const ratios = byRule.map((ms, round) => ms / (plain[round] ?? Number.NaN));
console.log(`\n${rounds} rounds of ${uploadsOfARound} uploads of 100 KB, ${atOnce} at once\n`);
console.log(
  table(
    ["upload", "ms each", "against none"],
    [
      ["without a rule", spread(plain, 1), ""],
      ["by a rule with one UPDATE in `done`", spread(byRule, 1), spread(ratios, 2)],
    ],
  ),
);
process.exit(median(ratios) <= 1.5 ? 0 : 1);
