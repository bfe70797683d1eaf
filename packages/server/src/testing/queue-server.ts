import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { cronJobs, defineJob } from "../crons/registry";
import { composeCronServer } from "./cron-server";
import { createServicesOn } from "./test-context";

/** The jobs of the test that kills this process: each writes one row into a table of the app's. */
export function deliveryJobs(onDelivery: () => Promise<void>) {
  const crons = cronJobs();
  const deliver = defineJob({
    description: "",
    input: z.object({ n: z.number() }),
    retries: 3,
    run: async ({ step }, { n }) => {
      await step.transaction("deliver", async (tx) => {
        await tx.query("INSERT INTO delivered (n) VALUES ($1)", [n]);
      });
      await onDelivery();
    },
  });
  crons.onDemand("deliver", deliver);
  return { crons, deliver };
}

// A server process of its own: tells of each delivery and rests, so that it can be killed with some of them under way.
const [, script = "", url] = process.argv;
if (script.endsWith("queue-server.ts") && url) {
  const services = await createServicesOn(url);
  const { crons } = deliveryJobs(async () => {
    process.stdout.write("delivered\n");
    await sleep(20);
  });
  await composeCronServer(services, crons).start();
}
