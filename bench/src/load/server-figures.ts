import { table } from "../statistics";

/** One look at what a server says of itself. */
export interface ServerFigures {
  atSeconds: number;
  residentMiB: number;
  heapMiB: number;
  /** What is resident beside what V8 holds for its heap, which it enlarges before it tidies up. */
  besideHeapMiB: number;
  /** Of the event loop, since the look before. */
  lagP50Ms: number;
  lagP99Ms: number;
}

export async function readFigures(
  url: string,
  token: string,
  sinceMs: number,
): Promise<ServerFigures> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  const figure = (name: string) =>
    Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);
  const MiB = 1024 ** 2;
  const resident = figure("process_resident_memory_bytes");
  return {
    atSeconds: (performance.now() - sinceMs) / 1000,
    residentMiB: resident / MiB,
    heapMiB: figure("nodejs_heap_size_used_bytes") / MiB,
    besideHeapMiB: (resident - figure("nodejs_heap_size_total_bytes")) / MiB,
    lagP50Ms: figure("nodejs_eventloop_lag_p50_seconds") * 1000,
    lagP99Ms: figure("nodejs_eventloop_lag_p99_seconds") * 1000,
  };
}

/** MiB a minute, by least squares. */
export function slope(
  looks: readonly ServerFigures[],
  of: "residentMiB" | "heapMiB" | "besideHeapMiB",
): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const minutes = looks.map(({ atSeconds }) => atSeconds / 60);
  const sizes = looks.map((look) => look[of]);
  const [atMean, sizeMean] = [mean(minutes), mean(sizes)];
  const shared = mean(minutes.map((at, i) => (at - atMean) * ((sizes[i] ?? 0) - sizeMean)));
  return shared / mean(minutes.map((at) => (at - atMean) ** 2));
}

/** Each minute's last look, so that a reader sees whether something only grows. */
export function byMinute(looks: readonly ServerFigures[]): string {
  const last = new Map(looks.map((look) => [Math.ceil(look.atSeconds / 60), look]));
  return table(
    ["minute", "RSS, MiB", "heap, MiB", "beside the heap, MiB", "lag p99, ms"],
    [...last].map(([minute, look]) => [
      String(minute),
      look.residentMiB.toFixed(0),
      look.heapMiB.toFixed(0),
      look.besideHeapMiB.toFixed(0),
      look.lagP99Ms.toFixed(0),
    ]),
  );
}
