import { expect, test } from "vitest";
import type { MidiChange } from "./midi";
import { createSharedInstrument } from "./shared-instrument";

const on = (midi: number): MidiChange => ({ kind: "on", midi, velocity: 80 });
const off = (midi: number): MidiChange => ({ kind: "off", midi });
const pedal = (down: boolean): MidiChange => ({ kind: "pedal", down });

test("one player plays it as if nobody shared it", () => {
  const play = createSharedInstrument();
  for (const change of [on(60), pedal(true), off(60), pedal(false), { kind: "all-off" } as const]) {
    expect(play("ben", change)).toEqual([change]);
  }
});

test("a key and the pedal sound on while somebody else holds them", () => {
  const play = createSharedInstrument();
  play("ben", on(60));
  expect(play("cleo", on(60))).toEqual([on(60)]);
  expect(play("ben", pedal(true))).toEqual([pedal(true)]);
  expect(play("cleo", pedal(true))).toEqual([]);
  expect(play("ben", off(60))).toEqual([]);
  expect(play("ben", pedal(false))).toEqual([]);
  expect(play("cleo", off(60))).toEqual([off(60)]);
  expect(play("cleo", pedal(false))).toEqual([pedal(false)]);
});

test("who goes lets go of what nobody else holds", () => {
  const play = createSharedInstrument();
  play("ben", on(60));
  play("ben", on(64));
  play("ben", pedal(true));
  play("cleo", on(64));
  expect(play("ben", { kind: "all-off" })).toEqual([off(60), pedal(false)]);
  expect(play("cleo", { kind: "all-off" })).toEqual([{ kind: "all-off" }]);
});
