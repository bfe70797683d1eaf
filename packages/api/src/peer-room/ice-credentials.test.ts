import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FermataError } from "../api-error";
import { IceCredentials, type IceGrant } from "./ice-credentials";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Credentials that a server mints anew when less than a fifth of their hour is left. */
function startIce(answer: (count: number) => void = () => {}) {
  const ttlMs = 3600_000;
  let asked = 0;
  let minted = 0;
  let expiresAtMs = 0;
  const ask = async (): Promise<IceGrant> => {
    answer(++asked);
    if (expiresAtMs - Date.now() < ttlMs / 5) {
      minted++;
      expiresAtMs = Date.now() + ttlMs;
    }
    const iceServers = [{ urls: ["turn:relay"], username: `user-${minted}` }];
    return { iceServers, provider: "coturn", expiresAt: new Date(expiresAtMs).toISOString() };
  };
  const onRenewed = vi.fn();
  const ice = new IceCredentials({ ask, onRenewed, onGrant: () => {}, now: Date.now });
  const username = async () => (await ice.get())[0]?.username;
  return { ice, onRenewed, username, asked: () => asked, left: () => expiresAtMs - Date.now() };
}

test("asks once for all connections", async () => {
  const { ice, asked } = startIce();
  await Promise.all([ice.get(), ice.get()]);
  await ice.get();
  expect(asked()).toBe(1);
  expect(ice.hasRelay).toBe(true);
});

test("renews credentials before they expire, for as long as the call lasts", async () => {
  const { username, onRenewed, left } = startIce();
  expect(await username()).toBe("user-1");
  for (let minute = 0; minute < 180; minute++) {
    await vi.advanceTimersByTimeAsync(60_000);
    expect(left()).toBeGreaterThan(0);
  }
  expect(await username()).toBe(`user-${onRenewed.mock.calls.length + 1}`);
  expect(onRenewed.mock.calls.length).toBeGreaterThanOrEqual(3);
});

test("goes on asking when the server cannot be reached as the end nears", async () => {
  const { username, onRenewed } = startIce((count) => {
    if (count > 1 && count < 4) throw new FermataError("NETWORK");
  });
  await username();
  await vi.advanceTimersByTimeAsync(3600_000);
  expect(onRenewed).toHaveBeenCalledOnce();
  expect(await username()).toBe("user-2");
});

test("a call does not wait for a server that gives no answer", async () => {
  const ice = new IceCredentials({
    ask: () => new Promise(() => {}),
    onRenewed: () => {},
    onGrant: () => {},
    now: Date.now,
  });
  const servers = ice.get();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await servers).toEqual([]);
  expect(ice.hasRelay).toBe(false);
});

test("uses what was given with the seat, and renews it in time", async () => {
  const { ice, asked, username } = startIce();
  const expiresAt = new Date(Date.now() + 3600_000).toISOString();
  const iceServers = [{ urls: ["turn:relay"], username: "given" }];
  ice.take({ iceServers, provider: "coturn", expiresAt });
  expect(await username()).toBe("given");
  expect(asked()).toBe(0);
  await vi.advanceTimersByTimeAsync(3600_000);
  expect(asked()).toBe(1);
  expect(await username()).toBe("user-1");
});

test.each([-86_400, 86_400])(
  "renews by the server's clock on a device that is %d s off",
  async (offSeconds) => {
    let asked = 0;
    const now = () => Date.now() - offSeconds * 1000;
    const grant = (): IceGrant => ({
      iceServers: [{ urls: ["turn:relay"], username: `user-${++asked}` }],
      provider: "coturn",
      expiresAt: new Date(now() + 3600_000).toISOString(),
    });
    const nothing = () => {};
    const ice = new IceCredentials({
      ask: async () => grant(),
      onRenewed: nothing,
      onGrant: nothing,
      now,
    });
    ice.take(grant());
    await vi.advanceTimersByTimeAsync(2700_000);
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(800_000);
    expect(asked).toBe(2);
  },
);
