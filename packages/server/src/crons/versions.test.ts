import { afterEach, expect, test } from "vitest";
import { fromPg } from "../ground/transaction";
import { accelerateTime } from "../testing/accelerated-time";
import { composeCronServer } from "../testing/cron-server";
import { createTestServices, type TestServices } from "../testing/test-context";
import { enqueueJob } from "./queue/enqueue-job";
import { type CronJobs, cronJobs } from "./registry";

const open: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function openServices(): Promise<TestServices> {
  const services = await createTestServices();
  open.push(() => services.dispose());
  return services;
}

/** A process of one version of the app. */
async function startVersion(services: TestServices, declare: (crons: CronJobs) => void) {
  const crons = cronJobs();
  declare(crons);
  const server = composeCronServer(services, crons);
  open.push(() => server.stop());
  await server.start();
  return server;
}

test("two versions at once: a slot of both runs once, and what only one knows runs, too", async () => {
  const services = await openServices();
  const time = accelerateTime(services);
  open.push(() => time.stop());
  const ran: string[] = [];
  const noted = (name: string) => ({ description: "", run: async () => void ran.push(name) });
  await startVersion(services, (crons) => {
    crons.interval("both", { minutes: 1 }, noted("both"));
    crons.interval("old", { minutes: 1 }, noted("old"));
  });
  await time.pass(10);
  await startVersion(services, (crons) => {
    crons.interval("both", { minutes: 1 }, noted("both"));
    crons.interval("new", { minutes: 1 }, noted("new"));
  });
  await time.pass(600);
  const rows = await services.db.cronRun.findMany({ where: { status: "succeeded" } });
  expect(rows).toHaveLength(ran.length);
  const slots = rows.map(({ job, slot }) => `${job} ${slot.toISOString()}`);
  expect(new Set(slots).size).toBe(slots.length);
  const runsOf = (name: string) => ran.filter((one) => one === name).length;
  expect(runsOf("both")).toBeGreaterThanOrEqual(9);
  expect(runsOf("new")).toBeGreaterThanOrEqual(3);
  expect(runsOf("old")).toBeGreaterThanOrEqual(3);
}, 240_000);

test("a job that is renamed while it runs ends under its old name, and goes on under the new one", async () => {
  const services = await openServices();
  let finish = () => {};
  const began = new Promise<void>((resolve) => {
    void startVersion(services, (crons) =>
      crons.daily(
        "before",
        {},
        {
          description: "",
          run: () => {
            resolve();
            return new Promise<string>((end) => {
              finish = () => end("done");
            });
          },
        },
      ),
    ).then((server) => server.inngest.send({ name: "fermata/cron.before", data: {} }));
  });
  await began;
  const second = await startVersion(services, (crons) =>
    crons.daily("after", {}, { description: "", run: async () => "done as well" }),
  );
  await second.inngest.send({ name: "fermata/cron.after", data: {} });
  finish();
  const rows = () => services.db.cronRun.findMany({ orderBy: { job: "asc" } });
  await expect.poll(rows, { timeout: 20_000 }).toMatchObject([
    { job: "after", status: "succeeded", result: "done as well" },
    { job: "before", status: "succeeded", result: "done" },
  ]);
});

test("what was asked for waits while no version knows its job, and runs when one does", async () => {
  const services = await openServices();
  const ran: string[] = [];
  const job = { description: "", run: async () => void ran.push("it") };
  const with_ = (crons: CronJobs) => crons.onDemand("removed", job);
  const first = await startVersion(services, with_);
  const runAt = new Date(services.clock.now().getTime() + 3_000);
  await enqueueJob(first.services, fromPg(services.pool), "removed", undefined, { runAt });
  await first.stop();

  const second = await startVersion(services, (crons) => crons.onDemand("another", job));
  services.clock.advance(600);
  await second.engine.look();
  const rows = () => services.db.queuedJob.findMany({ select: { status: true } });
  expect(await rows()).toEqual([{ status: "queued" }]);
  await second.stop();

  const third = await startVersion(services, with_);
  await third.engine.look();
  await expect.poll(rows, { timeout: 20_000 }).toEqual([{ status: "succeeded" }]);
  expect(ran).toEqual(["it"]);
});
