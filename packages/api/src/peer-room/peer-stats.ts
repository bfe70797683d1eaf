import type { PeerStats } from "./types";

/** Counters of one moment. */
export interface StatsSample {
  atMs: number;
  route: PeerStats["route"];
  rttMs: number | null;
  bytesReceived: number;
  packetsReceived: number;
  packetsLost: number;
  /** Of the sound; null where none comes in. */
  jitterMs: number | null;
  /** How long samples of sound waited, all together, and how many there were. */
  bufferedSeconds: number;
  samplesPlayed: number;
}

interface CandidateStats {
  candidateType?: string;
}

/** @returns null while no pair of candidates is in use */
export function readSample(report: RTCStatsReport, atMs: number): StatsSample | null {
  const pair = findPair(report);
  if (!pair) return null;
  const ends = [pair.localCandidateId, pair.remoteCandidateId].map(
    (id) => report.get(id) as CandidateStats | undefined,
  );
  let packetsReceived = 0;
  let packetsLost = 0;
  let [jitterMs, bufferedSeconds, samplesPlayed]: [number | null, number, number] = [null, 0, 0];
  report.forEach((entry: RTCInboundRtpStreamStats) => {
    if (entry.type !== "inbound-rtp") return;
    packetsReceived += entry.packetsReceived ?? 0;
    packetsLost += entry.packetsLost ?? 0;
    if (entry.kind !== "audio" || entry.jitter === undefined) return;
    jitterMs = Math.max(jitterMs ?? 0, inTenths(entry.jitter * 1000));
    bufferedSeconds += entry.jitterBufferDelay ?? 0;
    samplesPlayed += entry.jitterBufferEmittedCount ?? 0;
  });
  const rttSeconds = pair.currentRoundTripTime;
  return {
    atMs,
    route: ends.some((end) => end?.candidateType === "relay") ? "relayed" : "direct",
    rttMs: rttSeconds === undefined ? null : inTenths(rttSeconds * 1000),
    bytesReceived: pair.bytesReceived ?? 0,
    packetsReceived,
    packetsLost,
    jitterMs,
    bufferedSeconds,
    samplesPlayed,
  };
}

function inTenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** The figures between two samples of one connection. */
export function compareSamples(from: StatsSample, to: StatsSample): PeerStats {
  const seconds = Math.max(0.001, (to.atMs - from.atMs) / 1000);
  // After a change of path the counters start again.
  const received = Math.max(0, to.bytesReceived - from.bytesReceived);
  const packets = Math.max(0, to.packetsReceived - from.packetsReceived);
  const lost = Math.max(0, to.packetsLost - from.packetsLost);
  const played = to.samplesPlayed - from.samplesPlayed;
  const buffered = to.bufferedSeconds - from.bufferedSeconds;
  const isHeard = to.rttMs !== null && played > 0 && buffered >= 0;
  return {
    route: to.route,
    rttMs: to.rttMs,
    jitterMs: to.jitterMs,
    latencyMs: isHeard ? inTenths((to.rttMs ?? 0) / 2 + (buffered / played) * 1000) : null,
    bitrateKbps: Math.round((received * 8) / seconds / 1000),
    packetLoss: packets + lost === 0 ? null : lost / (packets + lost),
  };
}

function findPair(report: RTCStatsReport): RTCIceCandidatePairStats | undefined {
  let selectedId: string | undefined;
  let nominated: RTCIceCandidatePairStats | undefined;
  report.forEach((entry: RTCStats) => {
    if (entry.type === "transport") {
      selectedId ??= (entry as RTCTransportStats).selectedCandidatePairId;
    } else if (entry.type === "candidate-pair") {
      const pair = entry as RTCIceCandidatePairStats;
      if (pair.nominated && pair.state === "succeeded") nominated = pair;
    }
  });
  // Not every browser tells which one the transport uses.
  return selectedId ? report.get(selectedId) : nominated;
}
