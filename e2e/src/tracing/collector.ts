import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  name: string;
  /** Which process made it: its `service.instance.id`. */
  instance: string;
  startMs: number;
  endMs: number;
  attributes: Record<string, unknown>;
}

interface ReceivedMetric {
  name: string;
  instance: string;
  /** Of the newest export. */
  points: { attributes: Record<string, unknown>; value: unknown }[];
}

export interface Collector {
  url: string;
  spans(): ReceivedSpan[];
  metrics(): ReceivedMetric[];
  /** What the requests said that they carry. */
  contentTypes(): Set<string>;
  close(): Promise<void>;
}

interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: string | number; doubleValue?: number };
}

/** Receives OTLP over HTTP, as JSON: what a collector of OpenTelemetry's would be sent. */
export async function startCollector(): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const metrics = new Map<string, ReceivedMetric>();
  const contentTypes = new Set<string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    contentTypes.add(request.headers["content-type"] ?? "");
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString());
      if (request.url === "/v1/traces") spans.push(...spansIn(body));
      else for (const metric of metricsIn(body)) metrics.set(keyOf(metric), metric);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => spans,
    metrics: () => [...metrics.values()],
    contentTypes: () => contentTypes,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const keyOf = ({ instance, name }: ReceivedMetric) => `${instance} ${name}`;

// biome-ignore lint/suspicious/noExplicitAny: the wire has no types.
function spansIn(body: any): ReceivedSpan[] {
  const found: ReceivedSpan[] = [];
  for (const { resource, scopeSpans } of body.resourceSpans) {
    const instance = String(attributesOf(resource.attributes)["service.instance.id"] ?? "");
    for (const { spans } of scopeSpans) {
      for (const span of spans) {
        found.push({
          traceId: span.traceId,
          spanId: span.spanId,
          parentSpanId: span.parentSpanId || null,
          name: span.name,
          instance,
          startMs: Number(span.startTimeUnixNano) / 1e6,
          endMs: Number(span.endTimeUnixNano) / 1e6,
          attributes: attributesOf(span.attributes),
        });
      }
    }
  }
  return found;
}

// biome-ignore lint/suspicious/noExplicitAny: the wire has no types.
function metricsIn(body: any): ReceivedMetric[] {
  const found: ReceivedMetric[] = [];
  for (const { resource, scopeMetrics } of body.resourceMetrics) {
    const instance = String(attributesOf(resource.attributes)["service.instance.id"] ?? "");
    for (const { metrics } of scopeMetrics) {
      for (const { name, gauge, sum, histogram } of metrics) {
        const points = (gauge ?? sum ?? histogram).dataPoints.map(
          // biome-ignore lint/suspicious/noExplicitAny: the wire has no types.
          ({ attributes, ...value }: any) => ({ attributes: attributesOf(attributes), value }),
        );
        found.push({ name, instance, points });
      }
    }
  }
  return found;
}

function attributesOf(given: Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(
    given.map(({ key, value }) => [
      key,
      value.stringValue ?? value.doubleValue ?? (value.intValue && Number(value.intValue)),
    ]),
  );
}
