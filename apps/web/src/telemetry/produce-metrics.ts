import type { MetricFamily, Observer } from "@fermata/server/internal";
import type { Attributes } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from "@opentelemetry/sdk-metrics";

type HrTime = DataPoint<number>["startTime"];

/** The figures that Prometheus is told, under the same names. */
export function produceMetrics(observer: Observer, resource: Resource): MetricProducer {
  const beganMs = Date.now();
  return {
    async collect() {
      const times = { startTime: toHrTime(beganMs), endTime: toHrTime(Date.now()) };
      const metrics = (await observer.collect()).flatMap((family) => {
        const data = toMetricData(family, times);
        return data ? [data] : [];
      });
      return {
        resourceMetrics: { resource, scopeMetrics: [{ scope: { name: "fermata" }, metrics }] },
        errors: [],
      };
    },
  };
}

interface Times {
  startTime: HrTime;
  endTime: HrTime;
}

/** Null for a summary, which OTLP has no more. */
function toMetricData(family: MetricFamily, times: Times): MetricData | null {
  const { name, help: description, type } = family;
  const common = {
    descriptor: { name, description, unit: "", valueType: 1, advice: {} },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  if (type === "gauge" || type === "counter") {
    const dataPoints = family.values
      .filter(({ value }) => Number.isFinite(value))
      .map(({ value, labels }) => ({ ...times, attributes: attributesOf(labels), value }));
    if (type === "gauge") return { ...common, dataPointType: DataPointType.GAUGE, dataPoints };
    return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints };
  }
  if (type !== "histogram") return null;
  return {
    ...common,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: histogramsOf(family, times),
  };
}

/** One for each set of labels. Prometheus counts what is below each bound, OTLP what is between two. */
function histogramsOf({ name, values }: MetricFamily, times: Times): DataPoint<Histogram>[] {
  const byLabels = new Map<string, { attributes: Attributes; at: Map<string, number> }>();
  for (const { metricName, labels, value } of values) {
    const { le, ...others } = labels;
    const attributes = attributesOf(others);
    const key = JSON.stringify(attributes);
    const found = byLabels.get(key) ?? { attributes, at: new Map() };
    byLabels.set(key, found);
    found.at.set(metricName === `${name}_bucket` ? String(le) : (metricName ?? name), value);
  }
  return [...byLabels.values()].map(({ attributes, at }) => {
    const boundaries = [...at.keys()]
      .map(Number)
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    const below = [...boundaries.map((bound) => at.get(String(bound)) ?? 0), at.get("+Inf") ?? 0];
    const counts = below.map((count, i) => count - (below[i - 1] ?? 0));
    const value = {
      buckets: { boundaries, counts },
      count: at.get(`${name}_count`) ?? 0,
      sum: at.get(`${name}_sum`) ?? 0,
    };
    return { ...times, attributes, value };
  });
}

function attributesOf(labels: MetricFamily["values"][number]["labels"]): Attributes {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== undefined));
}

function toHrTime(ms: number): HrTime {
  return [Math.floor(ms / 1000), (ms % 1000) * 1e6];
}
