import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CandidateBatches } from "./candidate-batches";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function open() {
  const sent: string[][] = [];
  const batches = new CandidateBatches({
    whenDue: (flush) => flush(),
    send: (candidates) => void sent.push(candidates.map(({ candidate = "" }) => candidate)),
  });
  const find = (candidate: string, port = 50_000) =>
    batches.collect({ port, toJSON: () => ({ candidate }) } as RTCIceCandidate);
  return { batches, sent, find };
}

test("the first ones go at once, later ones together", () => {
  const { sent, find } = open();
  find("a");
  find("b");
  vi.advanceTimersByTime(1);
  expect(sent).toEqual([["a", "b"]]);
  find("c");
  vi.advanceTimersByTime(30);
  find("d");
  expect(sent).toHaveLength(1);
  vi.advanceTimersByTime(30);
  expect(sent).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
});

test("from where a connection would be opened is found, and told to nobody", () => {
  const { batches, sent, find } = open();
  find("active", 9);
  vi.advanceTimersByTime(100);
  expect([batches.count, sent]).toEqual([1, []]);
  find("passive");
  vi.advanceTimersByTime(100);
  expect([batches.count, sent]).toEqual([2, [["passive"]]]);
});
