import { rm } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { makeDataDir } from "./setup/data-dir";
import { type RunningServer, startNextHosting, startSelfHosted } from "./setup/start-server";

const env = { FERMATA_METRICS_TOKEN: "a-token-that-Prometheus-knows" };
const open: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** As it is built: what the bundle leaves out of a library shows here first. */
test.each<[string, (dir: string) => Promise<RunningServer>]>([
  ["the self-hosted server", (dir) => startSelfHosted(dir, undefined, env)],
  ["next start", (dir) => startNextHosting(dir, env)],
])("%s tells Prometheus how it fares", { timeout: 120_000 }, async (_, start) => {
  const dir = await makeDataDir();
  open.push(() => rm(dir, { recursive: true, force: true }));
  const server = await start(dir);
  open.push(() => server.stop());
  const answer = await fetch(`${server.target.baseUrl}/metrics`, {
    headers: { authorization: `Bearer ${env.FERMATA_METRICS_TOKEN}` },
  });
  const text = await answer.text();
  expect([answer.status, text]).toEqual([200, expect.stringContaining("fermata_database_up 1")]);
  expect(text).toContain("nodejs_eventloop_lag_p99_seconds");
});
