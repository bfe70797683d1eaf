import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createActiveSpeaker } from "./active-speaker";
import type { PeerRoomSnapshot } from "./types";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start(levels: Record<string, number | null>) {
  const speaker = createActiveSpeaker({
    audioLevel: (peerId) => levels[peerId] ?? null,
    getSnapshot: () => {
      const peers = Object.keys(levels).map((peerId) => ({ peerId, state: "connected" }));
      return { peers } as unknown as PeerRoomSnapshot;
    },
  });
  return { speaker, during: (ms: number) => vi.advanceTimersByTime(ms) };
}

test("is who speaks, through pauses, until somebody else does", () => {
  const levels: Record<string, number | null> = { ada: 0, ben: null };
  const { speaker, during } = start(levels);
  during(1_000);
  expect(speaker.getSnapshot()).toBeNull();
  levels.ada = 0.3;
  during(1_000);
  expect(speaker.getSnapshot()).toBe("ada");
  levels.ada = 0;
  during(5_000);
  expect(speaker.getSnapshot()).toBe("ada");
  levels.ben = 0.2;
  during(1_000);
  expect(speaker.getSnapshot()).toBe("ben");
});

test("a cough takes the floor from nobody, and who is gone has it no more", () => {
  const levels: Record<string, number | null> = { ada: 0.3, ben: 0 };
  const { speaker, during } = start(levels);
  during(2_000);
  levels.ben = 0.5;
  during(200);
  levels.ben = 0;
  during(1_000);
  expect(speaker.getSnapshot()).toBe("ada");
  delete levels.ada;
  during(200);
  expect(speaker.getSnapshot()).toBeNull();
  levels.ben = 0.5;
  speaker.close();
  during(2_000);
  expect(speaker.getSnapshot()).toBeNull();
});
