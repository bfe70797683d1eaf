import { expect, test, vi } from "vitest";
import { FermataError } from "../api-error";
import { MessageSource, type RoomMessage, type SourceHandlers } from "./message-source";

const message = (seq: number): RoomMessage => {
  const cursor = `e:${seq}`;
  return { cursor, from: "ada", to: null, kind: "note", payload: seq, sentAt: "" };
};
const after = (cursor: string) => Number(cursor.split(":")[1]);

/** A log of messages behind streams that behave as `stream` says. */
function startSource(
  stream: (cursor: string, handlers: SourceHandlers) => void,
  log: RoomMessage[],
) {
  const heard: unknown[] = [];
  const paths: string[] = [];
  const ends: string[] = [];
  const onReset = vi.fn();
  const source: MessageSource = new MessageSource({
    follow(cursor, handlers) {
      const timer = setTimeout(() => stream(cursor, handlers));
      return () => clearTimeout(timer);
    },
    async pull(cursor) {
      const messages = log.filter((entry) => after(entry.cursor) > after(cursor));
      return { messages, cursor: messages.at(-1)?.cursor ?? cursor };
    },
    onMessage: ({ payload }) => heard.push(payload),
    onReset,
    onPath: () => paths.push(source.path),
    onEnd: ({ code }) => ends.push(code),
  });
  source.start("e:0");
  return { source, heard, paths, ends, onReset };
}

test("reads on where a broken stream stopped, and hears nothing twice", async () => {
  const cursors: string[] = [];
  const { source, heard } = startSource((cursor, { onStarted, onEvent, onBroken }) => {
    cursors.push(cursor);
    onStarted();
    if (cursors.length > 1) onEvent(message(after(cursor)));
    onEvent(message(after(cursor) + 1));
    if (cursors.length === 1) onBroken();
  }, []);
  await vi.waitFor(() => expect(heard).toEqual([1, 2]));
  expect(cursors).toEqual(["e:0", "e:1"]);
  source.stop();
});

test("pulls where streams are cut again and again", async () => {
  const log = [message(1), message(2), message(3)];
  const { source, heard, paths } = startSource((_cursor, { onStarted, onBroken }) => {
    onStarted();
    onBroken();
  }, log);
  await vi.waitFor(() => expect(heard).toEqual([1, 2, 3]), 5_000);
  expect(paths).toEqual(["polling"]);
  source.stop();
});

test("begins again from where the server says when messages were lost", async () => {
  const { source, heard, onReset } = startSource((cursor, { onStarted, onEvent }) => {
    onStarted();
    if (cursor !== "e:0") return;
    onEvent({ kind: "reset", cursor: "f:7" });
    onEvent({ ...message(8), cursor: "f:8" });
  }, []);
  await vi.waitFor(() => expect(heard).toEqual([8]));
  expect(onReset).toHaveBeenCalledOnce();
  expect(source.cursor).toBe("f:8");
  source.stop();
});

test("ends when the server has nothing more to say to this peer, and only then", async () => {
  const refusals = [new FermataError("UPSTREAM_UNAVAILABLE"), new FermataError("ROOM_CLOSED")];
  const { ends } = startSource((_cursor, { onRefused }) => onRefused(refusals.shift()), []);
  await vi.waitFor(() => expect(ends).toEqual(["ROOM_CLOSED"]), 5_000);
  expect(refusals).toEqual([]);
});

test("says nothing more once it is stopped", async () => {
  let handlers: SourceHandlers | null = null;
  const { source, heard } = startSource((_cursor, given) => {
    handlers = given;
    given.onStarted();
  }, []);
  const late = await vi.waitFor(() => handlers ?? expect.unreachable());
  source.stop();
  late.onEvent(message(1));
  expect(heard).toEqual([]);
});

test("pulls within three seconds where a stream says nothing, and goes back to it when it does", async () => {
  vi.useFakeTimers();
  try {
    const log = [message(1)];
    let isHeldBack = true;
    const { source, heard, paths } = startSource((_cursor, { onStarted, onEvent }) => {
      if (isHeldBack) return;
      onStarted();
      onEvent(message(2));
      onEvent(message(3));
    }, log);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(heard).toEqual([1]);
    expect(paths).toEqual(["polling"]);
    log.push(message(2));
    await vi.advanceTimersByTimeAsync(1_500);
    expect(heard).toEqual([1, 2]);
    isHeldBack = false;
    await vi.advanceTimersByTimeAsync(40_000);
    expect(heard).toEqual([1, 2, 3]);
    expect(paths).toEqual(["polling", "stream"]);
    source.stop();
  } finally {
    vi.useRealTimers();
  }
});

test("pulls at once where there is no stream to be had", async () => {
  const { source, heard, paths } = startSource((_cursor, { onNone }) => onNone(), [message(1)]);
  await vi.waitFor(() => expect(heard).toEqual([1]), 200);
  expect(paths).toEqual(["polling"]);
  source.stop();
});

test("goes back to a stream where the clock was set back meanwhile", async () => {
  vi.useFakeTimers();
  try {
    let isHeldBack = true;
    const { source, paths } = startSource((_cursor, { onStarted }) => {
      if (!isHeldBack) onStarted();
    }, []);
    await vi.advanceTimersByTimeAsync(3_000);
    isHeldBack = false;
    vi.setSystemTime(Date.now() - 7_200_000);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(paths).toEqual(["polling", "stream"]);
    source.stop();
  } finally {
    vi.useRealTimers();
  }
});
