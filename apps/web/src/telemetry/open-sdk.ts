import type { Observer } from "@fermata/server/internal";
import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Env } from "../env";
import { produceMetrics } from "./produce-metrics";
import { isSent, type Telemetry } from "./telemetry";

/** Registers what makes and sends spans with OpenTelemetry's API, and reads metrics now and then. */
export async function openSdk(env: Env): Promise<Telemetry> {
  const resource = defaultResource()
    .merge(resourceFromAttributes({ "service.name": "fermata" }))
    // What the environment names goes before.
    .merge(detectResources({ detectors: [envDetector] }));
  const isJson = env.OTEL_EXPORTER_OTLP_PROTOCOL === "http/json";
  const provider = isSent(env, "TRACES") ? await openTraces(resource, isJson) : null;
  const meters: MeterProvider[] = [];
  return {
    async send(observer) {
      if (!observer || !isSent(env, "METRICS")) return;
      const intervalMs = env.OTEL_METRIC_EXPORT_INTERVAL;
      meters.push(await openMetrics(observer, { resource, isJson, intervalMs }));
    },
    async stop() {
      await Promise.all([provider?.shutdown(), ...meters.map((meter) => meter.shutdown())]);
    },
  };
}

async function openTraces(resource: Resource, isJson: boolean): Promise<BasicTracerProvider> {
  const { OTLPTraceExporter } = isJson
    ? await import("@opentelemetry/exporter-trace-otlp-http")
    : await import("@opentelemetry/exporter-trace-otlp-proto");
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return provider;
}

async function openMetrics(
  observer: Observer,
  options: { resource: Resource; isJson: boolean; intervalMs: number },
): Promise<MeterProvider> {
  const { OTLPMetricExporter } = options.isJson
    ? await import("@opentelemetry/exporter-metrics-otlp-http")
    : await import("@opentelemetry/exporter-metrics-otlp-proto");
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis: options.intervalMs,
    exportTimeoutMillis: Math.min(options.intervalMs, 30_000),
    metricProducers: [produceMetrics(observer, options.resource)],
  });
  return new MeterProvider({ resource: options.resource, readers: [reader] });
}
