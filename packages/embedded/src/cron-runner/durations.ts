const unitMs: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** How long to wait for what the SDK writes: a date, or a duration such as `1h30m`. */
export function readWaitMs(text: string, now: Date): number {
  const parts = [...text.matchAll(/([\d.]+)(ms|[smhdw])/g)];
  if (parts.length > 0 && parts.map(([part]) => part).join("") === text)
    return parts.reduce(
      (sum, [, count, unit = ""]) => sum + Number(count) * (unitMs[unit] ?? 0),
      0,
    );
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Error(`"${text}" is neither a date nor a duration`);
  return Math.max(0, at - now.getTime());
}

/** Waits for a short while; true when it is over, false when the signal came first. */
export async function wait(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
  return !signal.aborted;
}
