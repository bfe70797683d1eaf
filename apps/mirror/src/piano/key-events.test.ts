import { expect, test } from "vitest";
import { decodeKeyEvent, encodeKeyEvent, type KeyEvent } from "./key-events";

const head = { seq: 4_000_000_000, sentAtMs: 1234.5678 };

test.each<KeyEvent>([
  { ...head, kind: "on", midi: 21, velocity: 1 },
  { ...head, kind: "on", midi: 108, velocity: 127 },
  { ...head, kind: "off", midi: 60 },
  { ...head, kind: "pedal", down: true },
  { ...head, kind: "pedal", down: false },
  { ...head, kind: "held", keys: [], pedal: false },
  { ...head, kind: "held", keys: [21, 28, 29, 60, 108], pedal: true },
])("$kind comes back as it was sent", (event) => {
  expect(decodeKeyEvent(encodeKeyEvent(event))).toEqual(event);
});

test("a pressed key takes 15 bytes", () => {
  const event: KeyEvent = { ...head, kind: "on", midi: 60, velocity: 80 };
  expect(encodeKeyEvent(event).byteLength).toBe(15);
});

function changed(event: KeyEvent, change: (bytes: Uint8Array) => void): ArrayBuffer {
  const buffer = encodeKeyEvent(event);
  change(new Uint8Array(buffer));
  return buffer;
}

const on: KeyEvent = { ...head, kind: "on", midi: 60, velocity: 80 };

test.each<[string, unknown]>([
  ["text", "on 60"],
  ["nothing", null],
  ["an empty message", new ArrayBuffer(0)],
  ["a cut one", encodeKeyEvent(on).slice(0, 14)],
  ["a longer one", new ArrayBuffer(64)],
  ["another version", changed(on, (bytes) => bytes.set([0x20]))],
  ["an unknown kind", changed(on, (bytes) => bytes.set([0x1f]))],
  ["a key below the keyboard", changed(on, (bytes) => bytes.set([20], 13))],
  ["a key above it", changed(on, (bytes) => bytes.set([109], 13))],
  ["a velocity of 0", changed(on, (bytes) => bytes.set([0], 14))],
  ["a velocity of 200", changed(on, (bytes) => bytes.set([200], 14))],
  ["a time that is no number", changed(on, (bytes) => bytes.set([0x7f, 0xf8, 0, 0], 5))],
])("refuses %s", (_, data) => {
  expect(decodeKeyEvent(data)).toBeNull();
});
