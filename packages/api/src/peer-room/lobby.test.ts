import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FermataCore } from "../create-core";
import { Lobby } from "./lobby";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("credentials are renewed by the server's clock, where that is known", async () => {
  const hourMs = 3_600_000;
  // This device's is two hours ahead.
  const now = () => Date.now() - 2 * hourMs;
  const mutate = vi.fn(async () => ({
    turn: { iceServers: [], expiresAt: new Date(now() + hourMs / 3).toISOString() },
  }));
  const client = { trpc: { signaling: { prepare: { mutate } } } } as unknown as FermataCore;
  const makeOffer = () => null;
  const lobby = new Lobby({ client, roomId: "r", inviteToken: undefined, now, makeOffer });
  await lobby.open();
  // Three quarters of twenty minutes.
  await vi.advanceTimersByTimeAsync(14 * 60_000);
  expect(mutate).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(mutate).toHaveBeenCalledTimes(2);
  lobby.close();
});
