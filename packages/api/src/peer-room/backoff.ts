const firstMs = 250;
const mostMs = 5_000;

/** How long to wait before the next attempt: doubled each time, with chance so that a restarted server is not stormed. */
export function backoffMs(failures: number): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.max(0, failures - 1));
  return full / 2 + (Math.random() * full) / 2;
}
