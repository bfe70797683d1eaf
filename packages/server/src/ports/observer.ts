/** Figures of one kind, as prom-client names and counts them. */
export interface MetricFamily {
  name: string;
  help: string;
  type: string;
  values: {
    value: number;
    labels: Record<string, string | number | undefined>;
    /** Of a histogram: with `_bucket`, `_sum` or `_count` behind it. */
    metricName?: string;
  }[];
}

/** Counts what is answered, for whoever watches the server from outside. */
export interface Observer {
  observe(route: string, status: number, seconds: number): void;
  /** @throws AppError UNAUTHENTICATED for who may not look, NOT_FOUND where nobody may */
  answer(bearer: string | null): Promise<{ type: string; text: string }>;
  /** All that is known now, for whoever sends it elsewhere. */
  collect(): Promise<MetricFamily[]>;
}
