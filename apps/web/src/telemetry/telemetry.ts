import type { Observer } from "@fermata/server/internal";
import type { Env } from "../env";

export interface Telemetry {
  /** Sends the server's figures, too, from now on. */
  send(metrics: Observer | null): Promise<void>;
  /** Sends what is left. */
  stop(): Promise<void>;
}

type Signal = "TRACES" | "METRICS";

/** Whether OpenTelemetry's own variables say where to, and do not say no. */
export function isSent(env: Env, signal: Signal): boolean {
  if (env.OTEL_SDK_DISABLED || env[`OTEL_${signal}_EXPORTER`] === "none") return false;
  return Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT ?? env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]);
}
