import { expect, test, vi } from "vitest";
import { RoomChannels } from "./room-channels";

/** A connection that opens channels, unless their names are among these. */
function connect(unopened: string[] = []) {
  const opened: string[] = [];
  const sent: unknown[] = [];
  const connection = Object.assign(new EventTarget(), {
    createDataChannel(name: string) {
      if (unopened.includes(name)) throw new TypeError(`No channel ${name}.`);
      opened.push(name);
      const send = (data: unknown) => sent.push(data);
      return Object.assign(new EventTarget(), { readyState: "open", bufferedAmount: 0, send });
    },
  });
  return { connection: connection as unknown as RTCPeerConnection, opened, sent };
}

test.each([
  ["a name that is too long", "x".repeat(65_536), {}],
  ["a name whose bytes are too many", "é".repeat(40_000), {}],
  ["half a character in a name", "a\ud800", {}],
  ["what is no name", 7, {}],
  ["a negative number of retransmits", "n", { maxRetransmits: -1 }],
  ["too many retransmits", "n", { maxRetransmits: 65_536 }],
  ["half a retransmit", "n", { maxRetransmits: 0.5 }],
])("%s is refused, and no connection hears of it", (_, name, options) => {
  const channels = new RoomChannels();
  const [before, after] = [connect(), connect()];
  channels.attach(before.connection, "ada");
  const ask = () => channels.channel(name as string, options);
  expect(ask).toThrow(expect.objectContaining({ name: "FermataError", code: "INVALID_INPUT" }));
  channels.attach(after.connection, "ben");
  // Only the one that keeps a place for data.
  expect([...before.opened, ...after.opened]).toEqual(["", ""]);
});

test("names and numbers within their bounds are taken", () => {
  const channels = new RoomChannels();
  for (const name of ["", "🎹".repeat(20), "x".repeat(65_535), "__proto__"]) {
    expect(channels.channel(name, { maxRetransmits: 65_535 }).name).toBe(name);
  }
});

test("a channel that a connection does not open leaves the others alone, and says so", () => {
  const channels = new RoomChannels();
  const [bad, good] = ["bad", "good"].map((name) => channels.channel(name));
  const onError = vi.fn();
  bad?.on("error", onError);
  const { connection, sent } = connect(["bad"]);
  channels.attach(connection, "ada");
  expect(onError).toHaveBeenCalledOnce();
  expect(onError.mock.calls[0]?.[0]).toMatchObject({ peerId: "ada", error: { code: "INTERNAL" } });
  expect(bad?.send("lost")).toBe(0);
  expect(good?.send("heard")).toBe(1);
  expect(sent).toEqual(["heard"]);
  // Asked for while the connection stands, too.
  expect(() => channels.channel("bad")).not.toThrow();
});

test("texts and bytes are sent, and nothing else", () => {
  const channels = new RoomChannels();
  const { connection, sent } = connect();
  channels.attach(connection, "ada");
  const channel = channels.channel("d");
  const taken = [
    "",
    "text",
    new ArrayBuffer(2),
    new Uint8Array(2),
    new DataView(new ArrayBuffer(4)),
  ];
  for (const data of taken) expect(channel.send(data)).toBe(1);
  expect(sent).toEqual(taken);
  for (const data of [undefined, null, 5, {}, { byteLength: 1 }, new Blob(["hi"])]) {
    expect(() => channel.send(data as string)).toThrow(
      expect.objectContaining({ name: "FermataError", code: "INVALID_INPUT" }),
    );
  }
  expect(sent).toEqual(taken);
});

test("what has no JSON is refused", () => {
  const channel = new RoomChannels().channel("d");
  const circle: Record<string, unknown> = {};
  circle.itself = circle;
  for (const value of [circle, 1n]) {
    expect(() => channel.sendJson(value)).toThrow(
      expect.objectContaining({ name: "FermataError", code: "INVALID_INPUT" }),
    );
  }
  expect(channel.sendJson(undefined)).toBe(0);
});
