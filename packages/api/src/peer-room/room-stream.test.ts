import { afterEach, expect, test, vi } from "vitest";
import { createFermata } from "../create-fermata";
import { RoomStream } from "./room-stream";

afterEach(() => {
  vi.unstubAllGlobals();
});

const seat = { roomId: "r", roomToken: "t", cursor: "e:0" };

/** What a room hears of the stream that it asks for. */
function follow(fetch: typeof globalThis.fetch) {
  const client = createFermata({ url: "https://example.com", fetch });
  const handlers = {
    onStarted: vi.fn(),
    onEvent: vi.fn(),
    onBroken: vi.fn(),
    onRefused: vi.fn(),
    onNone: vi.fn(),
  };
  const stream = new RoomStream(client);
  stream.expect();
  return { handlers, close: stream.follow(seat, handlers) };
}

const throwing = class {
  constructor() {
    throw new DOMException("Not allowed.", "SecurityError");
  }
};

test.each([
  ["have no channel", undefined],
  ["may have no channel", throwing],
])("tabs that %s between them have no stream each", async (_, channel) => {
  vi.stubGlobal("document", new EventTarget());
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("location", new URL("https://example.com/"));
  vi.stubGlobal("BroadcastChannel", channel);
  const fetch = vi.fn();
  const { handlers } = follow(fetch);
  await vi.waitFor(() => expect(handlers.onNone).toHaveBeenCalledOnce());
  expect(fetch).not.toHaveBeenCalled();
});

test("where there are no tabs, a page has its own", async () => {
  const fetch = vi.fn(() => new Promise<Response>(() => {}));
  const { handlers, close } = follow(fetch);
  await vi.waitFor(() => expect(fetch).toHaveBeenCalled());
  expect(String(fetch.mock.calls[0])).toContain("signaling.messages");
  expect(handlers.onNone).not.toHaveBeenCalled();
  close();
});
