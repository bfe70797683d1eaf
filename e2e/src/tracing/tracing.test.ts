import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFermata } from "@fermata/api";
import { createTestDatabase } from "@fermata/embedded/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeDataDir } from "../setup/data-dir";
import { type Rpc, signInAdmin } from "../setup/rpc";
import { startS3Store } from "../setup/s3-store";
import { png } from "../setup/samples";
import { type RunningServer, startSelfHosted } from "../setup/start-server";
import { type Collector, type ReceivedSpan, startCollector } from "./collector";
import { drawTrace } from "./draw-trace";
import { startInngest } from "./inngest";

const soon = { timeout: 60_000, interval: 200 };
const open: (() => Promise<unknown>)[] = [];
let collector: Collector;
let servers: RunningServer[];
let rpc: Rpc;

beforeAll(async () => {
  collector = await startCollector();
  open.push(collector.close);
  const dir = await makeDataDir();
  open.push(() => rm(dir, { recursive: true, force: true }));
  const [database, store] = [await createTestDatabase(), await startS3Store()];
  const inngest = await startInngest();
  open.push(database.drop, store.close, inngest.close);
  servers = [];
  for (const name of ["first server", "second server"]) {
    const server = await startSelfHosted(join(dir, name), undefined, {
      ...store.envAt(store.origin),
      ...inngest.env,
      DATABASE_URL: database.url,
      FERMATA_SECRET: "the secret of two servers that are traced",
      NEXTAUTH_SECRET: "the secret of two servers that are traced",
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${encodeURIComponent(name)}`,
      OTEL_BSP_SCHEDULE_DELAY: "200",
      OTEL_METRIC_EXPORT_INTERVAL: "1000",
    });
    open.push(() => server.stop());
    servers.push(server);
  }
  rpc = await signInAdmin((servers[0] as RunningServer).target);
}, 180_000);

afterAll(async () => {
  for (const close of open.splice(0).reverse()) await close();
}, 60_000);

/** A photograph, from the click to its copies, as a page does it that traces what its user does. */
async function upload(server: RunningServer): Promise<ReceivedSpan[]> {
  const [traceId, spanId] = [randomBytes(16).toString("hex"), randomBytes(8).toString("hex")];
  const fermata = createFermata({
    url: server.target.baseUrl,
    token: rpc.token ?? "",
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set("traceparent", `00-${traceId}-${spanId}-01`);
      return fetch(input, { ...init, headers });
    },
  });
  const startMs = Date.now();
  const picture = new File([new Uint8Array(png([40, 90, 120], 900))], "soundboard.png", {
    type: "image/png",
  });
  const { key } = await fermata.media.upload(picture);
  const click: ReceivedSpan = {
    ...{ traceId, spanId, parentSpanId: null, startMs, endMs: Date.now() },
    name: "click: upload soundboard.png",
    instance: "page",
    attributes: {},
  };
  const stateOf = async () =>
    (await rpc.query("storage.getMetadata", { key })).data.processing?.state;
  await expect.poll(stateOf, soon).toBe("ready");
  const ofTrace = () => collector.spans().filter((span) => span.traceId === traceId);
  await expect.poll(() => ofTrace().some(({ name }) => name === "process media"), soon).toBe(true);
  return [click, ...ofTrace()];
}

test("an upload is one trace from the click to the processed copy, over all processes", {
  timeout: 120_000,
}, async () => {
  // Inngest calls the one that registered last.
  const spans = await upload(servers[0] as RunningServer);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const orphans = spans.filter(({ parentSpanId }) => parentSpanId && !byId.has(parentSpanId));
  expect(orphans.map(({ name }) => name)).toEqual([]);
  const namesBelow = (top: RegExp) => {
    const isBelow = (span: ReceivedSpan): boolean => {
      const parent = byId.get(span.parentSpanId ?? "");
      return parent !== undefined && (top.test(parent.name) || isBelow(parent));
    };
    return spans.filter(isBelow).map(({ name }) => name);
  };
  // What the page asked for, with the statements and the store's calls of each.
  const completion = namesBelow(/^POST trpc storage\.complete/);
  expect(completion).toContainEqual(expect.stringMatching(/^(SELECT|UPDATE) Media$/));
  expect(completion).toContainEqual(expect.stringMatching(/^store \w+/));
  // And what came of it afterwards.
  const processing = namesBelow(/^process media$/);
  expect(processing).toContain("workbench resizeImage");
  expect(processing).toContain("store PutObject");
  expect(processing).toContain("UPDATE Media");
  const idOf = (name: RegExp) =>
    spans.find((span) => name.test(span.name))?.attributes["fermata.request_id"];
  expect(idOf(/^process media$/)).toBe(idOf(/^POST trpc storage\.complete/));
  const instanceOf = (name: RegExp) => spans.find((span) => name.test(span.name))?.instance;
  expect(instanceOf(/^POST trpc storage\.complete/)).toBe("first server");
  expect(instanceOf(/^process media$/)).toBe("second server");
  const picture = drawTrace(spans, "One upload, from the click to the processed copies");
  if (process.env.FERMATA_TRACE_PICTURE)
    await writeFile(process.env.FERMATA_TRACE_PICTURE, picture);
  expect(picture).toContain("process media");
});

test("the same figures that Prometheus is told are sent", { timeout: 60_000 }, async () => {
  const metricOf = (name: string) => collector.metrics().find((metric) => metric.name === name);
  await expect
    .poll(() => metricOf("fermata_database_up")?.points[0]?.value, soon)
    .toMatchObject({
      asDouble: 1,
    });
  expect(metricOf("nodejs_eventloop_lag_p99_seconds")).toBeDefined();
  await expect
    .poll(() => metricOf("fermata_http_request_duration_seconds")?.points, soon)
    .toContainEqual({
      attributes: { route: "trpc", status: "2xx" },
      value: expect.objectContaining({ bucketCounts: expect.any(Array) }),
    });
  // A token was not set: nobody may ask for them here.
  const { baseUrl } = (servers[0] as RunningServer).target;
  expect((await fetch(`${baseUrl}/metrics`)).status).toBe(404);
  expect(collector.contentTypes()).toEqual(new Set(["application/json"]));
});
