import { setTimeout as sleep } from "node:timers/promises";
import type { QueryConfig } from "pg";
import { cronJobs } from "../crons/registry";
import { purgeExpiredMessages } from "../rooms/verbs/purge-expired-messages";
import { composeCronServer } from "./cron-server";
import { createServicesOn } from "./test-context";

/** The job of the test that kills this process, in small batches with a rest after each. */
export function purgeJobs(onBatch: () => Promise<void>) {
  const crons = cronJobs();
  crons.hourly(
    "purge",
    {},
    {
      description: "",
      run: (ctx) => {
        const pool = new Proxy(ctx.pool, {
          get: (target, key) =>
            key === "query"
              ? async (query: QueryConfig) => {
                  const result = await target.query(query);
                  if (result.command === "DELETE") await onBatch();
                  return result;
                }
              : Reflect.get(target, key),
        });
        return purgeExpiredMessages({ ...ctx, pool }, { batchRows: 500 });
      },
    },
  );
  return crons;
}

// A server process of its own: tells of each batch and rests, so that it can be killed between two.
const [, script = "", url, slot] = process.argv;
if (script.endsWith("purging-server.ts") && url && slot) {
  const services = await createServicesOn(url);
  const server = composeCronServer(
    services,
    purgeJobs(async () => {
      process.stdout.write("batch\n");
      await sleep(100);
    }),
  );
  await server.start();
  await server.inngest.send({ name: "fermata/cron.purge", id: `purge ${slot}`, data: { slot } });
}
