import type { Env } from "../env";
import { isSent, type Telemetry } from "./telemetry";

/** One for a process, as what OpenTelemetry's API keeps: the server and Next's bundles are built apart. */
const slot: unique symbol = Symbol.for("fermata.telemetry");
const shared = globalThis as { [slot]?: Promise<Telemetry> };

/**
 * Sends traces and metrics by OTLP where OpenTelemetry's own variables name a collector. Elsewhere nothing of it is loaded.
 * Its packages read the rest of those variables themselves.
 */
export async function startTelemetry(env: Env): Promise<Telemetry | null> {
  if (!isSent(env, "TRACES") && !isSent(env, "METRICS")) return null;
  shared[slot] ??= import("./open-sdk").then(({ openSdk }) => openSdk(env));
  return shared[slot];
}
