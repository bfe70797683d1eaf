/** What was heard longer ago is no level of now. */
const staleMs = 1_000;

/** How loud what comes in is, as browsers measure it: from 0 to 1, or null where there is nothing to hear. */
export function audioLevelOf(receivers: RTCRtpReceiver[]): number | null {
  const levels = receivers
    .filter(({ track }) => track.kind === "audio")
    .flatMap((receiver) => receiver.getSynchronizationSources?.() ?? [])
    .filter(({ timestamp }) => ageMs(timestamp) < staleMs)
    .map(({ audioLevel }) => audioLevel ?? 0);
  return levels.length === 0 ? null : Math.max(...levels);
}

/** Browsers count from the page's beginning, or from 1970. */
function ageMs(timestamp: number): number {
  return Math.min(Math.abs(performance.now() - timestamp), Math.abs(Date.now() - timestamp));
}
