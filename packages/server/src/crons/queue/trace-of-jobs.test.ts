import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { afterEach, expect, test } from "vitest";
import { startTracing, traced } from "../../ground/tracing";
import { fromPg } from "../../ground/transaction";
import { composeCronServer } from "../../testing/cron-server";
import { createTestServices } from "../../testing/test-context";
import { cronJobs, defineJob } from "../registry";
import { enqueueJob } from "./enqueue-job";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

test("a job belongs to the trace of who asked for it, and says the request's id, also of later attempts", async () => {
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  );
  await startTracing();
  const services = await createTestServices();
  open.push(() => services.dispose());
  const job = defineJob({
    description: "",
    retries: 1,
    run: async ({ attempt, pool, log }) => {
      await pool.query('SELECT count(*) FROM "User"');
      log.info({}, "at work");
      if (attempt === 1) throw new Error("not yet");
    },
  });
  const crons = cronJobs();
  crons.onDemand("greet", job);
  const server = composeCronServer(services, crons);
  open.push(() => server.stop());
  await server.start();
  const ctx = server.services;
  const { jobId } = await traced({ name: "ask", isRoot: true }, () =>
    enqueueJob(ctx, fromPg(ctx.pool), job, undefined, { requestId: "request-0001" }),
  );
  const row = () => services.db.queuedJob.findUniqueOrThrow({ where: { id: jobId } });
  await expect.poll(async () => (await row()).attempt, { timeout: 10_000 }).toBe(2);
  services.clock.advance(11);
  await server.engine.look();
  await expect.poll(async () => (await row()).status, { timeout: 20_000 }).toBe("succeeded");

  const spans = exporter.getFinishedSpans();
  const asked = spans.find(({ name }) => name === "ask");
  const runs = spans.filter(({ name }) => name === "job greet");
  expect(runs.map((run) => run.spanContext().traceId)).toEqual([
    asked?.spanContext().traceId,
    asked?.spanContext().traceId,
  ]);
  expect(runs.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([
    asked?.spanContext().spanId,
    asked?.spanContext().spanId,
  ]);
  expect(runs[1]?.attributes).toMatchObject({
    "fermata.job.attempt": 2,
    "fermata.request_id": "request-0001",
  });
  const statement = spans.find(
    ({ name, parentSpanContext }) =>
      name === "SELECT User" && parentSpanContext?.spanId === runs[1]?.spanContext().spanId,
  );
  expect(statement?.attributes["db.query.text"]).toBe('SELECT count(*) FROM "User"');
}, 60_000);

test("what waits for a connection is a part of what waits, and not of what gave the connection back", async () => {
  const exporter = new InMemorySpanExporter();
  trace.disable();
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  );
  const services = await createTestServices();
  open.push(() => services.dispose());
  // More than there are connections.
  const names = Array.from({ length: 40 }, (_, i) => `number ${i}`);
  await Promise.all(
    names.map((name, i) =>
      traced({ name, isRoot: true }, () =>
        services.pool.query(`SELECT ${i} AS n FROM pg_sleep(0.01)`),
      ),
    ),
  );
  const spans = exporter.getFinishedSpans();
  const textOf = (name: string) => {
    const above = spans.find((span) => span.name === name)?.spanContext().spanId;
    const below = spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === above);
    return below.map(({ attributes }) => attributes["db.query.text"]);
  };
  for (const [i, name] of names.entries())
    expect(textOf(name)).toEqual([`SELECT ${i} AS n FROM pg_sleep(0.01)`]);
}, 60_000);
