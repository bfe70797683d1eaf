// Started as a process of its own: a server in an app, which dies at a step of an upload that it is told.
import { createServer } from "node:http";
import { z } from "zod";
import { createFermataServer, upload } from "../index";
import { nodeListener } from "../node";
import { diskStore } from "../stores";
import { silentLog } from "./silent-log";

const [url = "", directory = "", dieAt = "never"] = process.argv.slice(2);
const die = (step: string) => {
  if (step === dieAt) process.kill(process.pid, "SIGKILL");
};

const fermata = createFermataServer({
  database: { url },
  secret: "a secret that only this test knows, long enough",
  store: diskStore({ directory }),
  identify: () => ({ userId: "maja" }),
  log: silentLog,
  uploads: Object.fromEntries(
    (["file", "media"] as const).map((kind) => [
      kind,
      upload({ kind, input: z.object({ invoiceId: z.string() }) })
        .allow(() => {
          die("allow");
          return true;
        })
        .done(async ({ tx, file, input }) => {
          die("before the work");
          await tx.query(`UPDATE public.invoice SET "fileId" = $1, paid = paid + 1 WHERE id = $2`, [
            file.storageId,
            input.invoiceId,
          ]);
          die("before the commit");
        }),
    ]),
  ),
});

const server = createServer(
  nodeListener({
    async handler(request) {
      const response = await fermata.handler(request);
      // The work is done, and nobody has heard of it.
      if (/\/uploads?\/|completeUpload/.test(request.url)) die("before the answer");
      return response;
    },
  }),
);
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as { port: number };
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
