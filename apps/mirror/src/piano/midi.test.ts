import { afterEach, expect, test, vi } from "vitest";
import { createMidi, encodeMidi, type MidiChange, parseMidi } from "./midi";

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each<[string, number[], MidiChange | null]>([
  ["a stroke", [0x90, 60, 100], { kind: "on", midi: 60, velocity: 100 }],
  ["a stroke on channel 16", [0x9f, 21, 1], { kind: "on", midi: 21, velocity: 1 }],
  ["a release", [0x80, 60, 40], { kind: "off", midi: 60 }],
  ["a release as a stroke of no force", [0x90, 60, 0], { kind: "off", midi: 60 }],
  ["the pedal down", [0xb0, 64, 64], { kind: "pedal", down: true }],
  ["the pedal up", [0xb3, 64, 63], { kind: "pedal", down: false }],
  ["all notes off", [0xb0, 123, 0], { kind: "all-off" }],
  ["a key beyond the 88", [0x90, 109, 100], null],
  ["another controller", [0xb0, 1, 100], null],
  ["the clock", [0xf8], null],
  ["nothing", [], null],
])("reads %s", (_, data, expected) => {
  expect(parseMidi(Uint8Array.from(data))).toEqual(expected);
});

test.each<MidiChange>([
  { kind: "on", midi: 60, velocity: 100 },
  { kind: "off", midi: 21 },
  { kind: "pedal", down: true },
  { kind: "pedal", down: false },
])("an instrument is told what is read from one: %j", (change) => {
  const [message = []] = encodeMidi(change);
  expect(parseMidi(message)).toEqual(change);
});

test("plays on an instrument that is plugged in, and leaves no key down on it", async () => {
  const port = (id: string) => ({ id, name: id, state: "connected", send: vi.fn() });
  const [grand, upright] = [port("grand"), port("upright")];
  const outputs = new Map([grand, upright].map((output) => [output.id, output]));
  const access = { inputs: new Map(), outputs, onstatechange: null };
  vi.stubGlobal("navigator", { requestMIDIAccess: async () => access });
  const midi = createMidi(() => {});
  await midi.open();
  expect(midi.get().outputs.map(({ name }) => name)).toEqual(["grand", "upright"]);
  const stroke = { kind: "on", midi: 60, velocity: 90 } as const;
  expect(midi.play(stroke)).toBe(false);
  midi.playOn("grand");
  expect(midi.play(stroke)).toBe(true);
  expect(grand.send.mock.calls).toEqual([[[0x90, 60, 90]]]);
  midi.playOn("upright");
  expect(grand.send.mock.calls.slice(1)).toEqual([
    [[0x80, 60, 0]],
    [[0xb0, 64, 0]],
    [[0xb0, 123, 0]],
  ]);
  upright.state = "disconnected";
  expect(midi.play(stroke)).toBe(false);
  expect(upright.send).not.toHaveBeenCalled();
});
