import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BothHosts, listenBothWays, ways } from "../testing/both-hosts";
import { openTestComposition } from "../testing/test-composition";

const token = "a-token-that-Prometheus-knows";

let dir: string;
let opened: Awaited<ReturnType<typeof openTestComposition>>;
let both: BothHosts;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-metrics-"));
  opened = await openTestComposition(dir, { FERMATA_METRICS_TOKEN: token });
  both = await listenBothWays(opened.composition);
});

afterAll(async () => {
  both.close();
  await opened.close();
  await rm(dir, { recursive: true, force: true });
});

const ask = (origin: string, path: string, bearer?: string) =>
  fetch(origin + path, bearer ? { headers: { authorization: `Bearer ${bearer}` } } : {});

describe.each(ways)("metrics, by %s", (way) => {
  test.each(["/metrics", "/api/metrics"])("%s is for who has the token", async (path) => {
    const { origin } = both.servers[way];
    expect((await ask(origin, path)).status).toBe(401);
    expect((await ask(origin, path, "another-token-altogether")).status).toBe(401);
    const answer = await ask(origin, path, token);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const text = await answer.text();
    for (const line of [
      /^fermata_build_info\{version="[\d.]+"\} 1$/m,
      /^fermata_database_up 1$/m,
      /^fermata_database_pool_size 10$/m,
      /^fermata_requests_refused 0$/m,
      /^fermata_outbox_waiting 0$/m,
      /^nodejs_eventloop_lag_p99_seconds /m,
    ])
      expect(text).toMatch(line);
  });

  test("requests are counted by route and kind of answer, and none by whose they were", async () => {
    const { origin } = both.servers[way];
    const counted = async (labels: string) => {
      const text = await (await ask(origin, "/metrics", token)).text();
      const name = `fermata_http_request_duration_seconds_count{${labels}}`;
      const line = text.split("\n").find((one) => one.startsWith(name));
      return Number(line?.slice(name.length) ?? 0);
    };
    const good = 'route="trpc",status="2xx"';
    const bad = 'route="upload",status="4xx"';
    const [goodBefore, badBefore] = [await counted(good), await counted(bad)];
    for (let i = 0; i < 3; i++) await (await ask(origin, "/api/trpc/auth.me")).text();
    const refused = await fetch(`${origin}/api/files/upload/fmu_x`, { method: "POST", body: "x" });
    await refused.text();
    await expect.poll(() => counted(good)).toBe(goodBefore + 3);
    await expect.poll(() => counted(bad)).toBe(badBefore + 1);
    const text = await (await ask(origin, "/metrics", token)).text();
    expect(text).not.toMatch(/fmu_x|127\.0\.0\.1/);
  });

  test("nobody hears that there might be some, where there is no token", async () => {
    const { services } = opened.composition;
    const { metrics } = services;
    services.metrics = null;
    for (const path of ["/metrics", "/api/metrics"])
      expect((await ask(both.servers[way].origin, path, token)).status).toBe(404);
    services.metrics = metrics;
  });
});
