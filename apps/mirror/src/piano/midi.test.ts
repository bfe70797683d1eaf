import { expect, test } from "vitest";
import { type MidiChange, parseMidi } from "./midi";

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
