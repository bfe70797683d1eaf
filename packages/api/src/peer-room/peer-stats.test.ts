import { expect, test } from "vitest";
import { compareSamples, readSample } from "./peer-stats";

function report(entries: object[]): RTCStatsReport {
  const map = new Map(entries.map((entry) => [(entry as { id: string }).id, entry]));
  return map as unknown as RTCStatsReport;
}

const pair = {
  id: "P1",
  type: "candidate-pair",
  localCandidateId: "L",
  remoteCandidateId: "R",
  nominated: true,
  state: "succeeded",
  currentRoundTripTime: 0.0421,
  bytesReceived: 1_000_000,
};
const transport = { id: "T", type: "transport", selectedCandidatePairId: "P1" };
const direct = [
  { id: "L", type: "local-candidate", candidateType: "host" },
  { id: "R", type: "remote-candidate", candidateType: "srflx" },
];
const inbound = (id: string, packetsReceived: number, packetsLost: number) => {
  return { id, type: "inbound-rtp", packetsReceived, packetsLost };
};

test("sums what came in over all tracks", () => {
  const sample = readSample(
    report([pair, transport, ...direct, inbound("I1", 100, 2), inbound("I2", 50, 1)]),
    1000,
  );
  expect(sample).toMatchObject({ route: "direct", rttMs: 42.1 });
  expect(sample).toMatchObject({ packetsReceived: 150, packetsLost: 3, bytesReceived: 1_000_000 });
});

test.each(["L", "R"])("is relayed when end %s is", (id) => {
  const ends = direct.map((end) => (end.id === id ? { ...end, candidateType: "relay" } : end));
  expect(readSample(report([pair, transport, ...ends]), 0)?.route).toBe("relayed");
});

test("finds the pair where the browser does not name it, and none before there is one", () => {
  expect(readSample(report([pair, ...direct]), 0)?.bytesReceived).toBe(1_000_000);
  expect(readSample(report([{ ...pair, state: "in-progress" }, ...direct]), 0)).toBeNull();
});

const still = {
  atMs: 0,
  route: "direct",
  rttMs: null,
  bytesReceived: 0,
  packetsReceived: 0,
  packetsLost: 0,
  jitterMs: null,
  bufferedSeconds: 0,
  samplesPlayed: 0,
} as const;

test("tells how late sound is heard: half the way there and back, and the wait for what is uneven", () => {
  const sound = { ...inbound("I1", 100, 0), kind: "audio", jitter: 0.0042 };
  const [from, to] = [
    { jitterBufferDelay: 100, jitterBufferEmittedCount: 48_000 },
    { jitterBufferDelay: 100 + 0.03 * 96_000, jitterBufferEmittedCount: 48_000 + 96_000 },
  ].map((buffer) => readSample(report([pair, transport, ...direct, { ...sound, ...buffer }]), 0));
  const stats = from && to && compareSamples(from, { ...to, atMs: 2_000 });
  expect(stats).toMatchObject({ rttMs: 42.1, jitterMs: 4.2, latencyMs: 51.1 });
  // Pictures alone are not heard.
  const silent = readSample(report([pair, transport, ...direct, inbound("I1", 1, 0)]), 0);
  expect(silent && compareSamples(silent, silent)).toMatchObject({
    jitterMs: null,
    latencyMs: null,
  });
});

test("tells the rate and the loss between two samples, also after counters began again", () => {
  const at = (atMs: number, bytesReceived: number, packetsReceived: number, packetsLost: number) =>
    ({ ...still, atMs, rttMs: 5, bytesReceived, packetsReceived, packetsLost }) as const;
  expect(compareSamples(at(0, 0, 0, 0), at(5000, 500_000, 90, 10))).toMatchObject({
    bitrateKbps: 800,
    packetLoss: 0.1,
  });
  expect(compareSamples(at(0, 9_000, 90, 9), at(5000, 0, 0, 0))).toMatchObject({
    bitrateKbps: 0,
    packetLoss: null,
  });
});
