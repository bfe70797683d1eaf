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

test("tells the rate and the loss between two samples, also after counters began again", () => {
  const at = (atMs: number, bytesReceived: number, packetsReceived: number, packetsLost: number) =>
    ({ atMs, route: "direct", rttMs: 5, bytesReceived, packetsReceived, packetsLost }) as const;
  expect(compareSamples(at(0, 0, 0, 0), at(5000, 500_000, 90, 10))).toMatchObject({
    bitrateKbps: 800,
    packetLoss: 0.1,
  });
  expect(compareSamples(at(0, 9_000, 90, 9), at(5000, 0, 0, 0))).toMatchObject({
    bitrateKbps: 0,
    packetLoss: null,
  });
});
