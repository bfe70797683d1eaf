import { parseMidi, writeMidi } from "midi-file";
import { expect, test } from "vitest";
import { createNoteTape } from "./note-tape";

test("writes both players' notes and pedals down, to the millisecond", () => {
  let nowMs = 1_000;
  const tape = createNoteTape(() => nowMs);
  const at = (ms: number, ...added: Parameters<typeof tape.add>) => {
    nowMs = 1_000 + ms;
    tape.add(...added);
  };
  at(10, "own", { kind: "on", midi: 60, velocity: 90 });
  at(15, "other", { kind: "on", midi: 36, velocity: 0 });
  at(20, "own", { kind: "pedal", down: true });
  at(30.4, "other", { kind: "on", midi: 40, velocity: 1 });
  at(50, "own", { kind: "off", midi: 60 });
  at(55, "own", { kind: "off", midi: 61 });
  at(60, "own", { kind: "on", midi: 62, velocity: 127 });
  nowMs = 2_000;
  const { header, tracks } = parseMidi(
    tape.toMidiFile("Tuesday lesson", [
      { id: "other", name: "Ines" },
      { id: "own", name: "Martä Vidal" },
    ]),
  );

  expect(header).toMatchObject({ format: 1, numTracks: 3, ticksPerBeat: 500 });
  const [head = [], other = [], own = []] = tracks;
  expect(head).toContainEqual(
    expect.objectContaining({ type: "setTempo", microsecondsPerBeat: 500_000 }),
  );
  const listed = (track: typeof own) => {
    let ms = 0;
    return track.map((event) => {
      ms += event.deltaTime;
      const { type, noteNumber, velocity, value, channel } = event as unknown as Record<
        string,
        unknown
      >;
      return [ms, type, noteNumber ?? value, velocity, channel].filter(
        (fact) => fact !== undefined,
      );
    });
  };
  expect(listed(other)).toEqual([
    [0, "trackName"],
    [30, "noteOn", 40, 1, 0],
    [1_000, "noteOff", 40, 0, 0],
    [1_000, "endOfTrack"],
  ]);
  expect(listed(own)).toEqual([
    [0, "trackName"],
    [10, "noteOn", 60, 90, 1],
    [20, "controller", 127, 1],
    [50, "noteOff", 60, 0, 1],
    [60, "noteOn", 62, 127, 1],
    [1_000, "noteOff", 62, 0, 1],
    [1_000, "controller", 0, 1],
    [1_000, "endOfTrack"],
  ]);
  const [name] = own as unknown as { text: string }[];
  expect(Buffer.from(name?.text ?? "", "latin1").toString()).toBe("Martä Vidal");
});

test("a note that came late stands where it was played, behind what came before it", () => {
  let nowMs = 0;
  const tape = createNoteTape(() => nowMs);
  const at = (ms: number, ...added: Parameters<typeof tape.add>) => {
    nowMs = ms;
    tape.add(...added);
  };
  at(100, "other", { kind: "on", midi: 60, velocity: 90 }, 20);
  at(900, "other", { kind: "off", midi: 60 }, 700.2);
  at(910, "other", { kind: "on", midi: 62, velocity: 90 }, 800);
  at(950, "own", { kind: "on", midi: 64, velocity: 90 });
  at(960, "other", { kind: "off", midi: 62 }, 5);
  // It was played before the tape began.
  const young = createNoteTape(() => nowMs);
  young.add("other", { kind: "on", midi: 60, velocity: 90 }, 10);
  const names = [
    { id: "other", name: "Ines" },
    { id: "own", name: "Marta" },
  ];
  const notesOf = (file: Uint8Array) => {
    const [, other = []] = parseMidi(file).tracks;
    let ms = 0;
    return other.flatMap((event) => {
      ms += event.deltaTime;
      const isNote = event.type === "noteOn" || event.type === "noteOff";
      return isNote ? [[ms, event.type, event.noteNumber]] : [];
    });
  };
  expect(notesOf(tape.toMidiFile("Late", names))).toEqual([
    [80, "noteOn", 60],
    [200, "noteOff", 60],
    [200, "noteOn", 62],
    [955, "noteOff", 62],
  ]);
  expect(notesOf(young.toMidiFile("Young", names))[0]).toEqual([0, "noteOn", 60]);
});

const duo = [
  { id: "other", name: "Ines" },
  { id: "own", name: "Marta" },
];

/** Two players, each at six notes a second. */
function playFor(minutes: number) {
  let nowMs = 0;
  const tape = createNoteTape(() => nowMs);
  for (let stroke = 0; nowMs < minutes * 60_000; stroke++) {
    const midi = 40 + (stroke % 40);
    for (const { id } of duo) tape.add(id, { kind: "on", midi, velocity: 80 });
    nowMs += 150;
    for (const { id } of duo) tape.add(id, { kind: "off", midi });
    nowMs += 17;
  }
  return { tape, play: (ms: number) => (nowMs += ms) };
}

test("a longer recording is what the library writes at once, also where it was written down meanwhile", () => {
  const { tape, play } = playFor(1);
  const solo = tape.toMidiFile("Lesson", [{ id: "own", name: "Marta" }]);
  const before = tape.toMidiFile("Lesson", duo);
  for (const file of [solo, before]) expect(Buffer.from(file)).toEqual(asWritten(file));
  const ofOther = (file: Uint8Array) => parseMidi(file).tracks[1] ?? [];
  const notes = ofOther(before).filter(({ type }) => type === "noteOn");
  expect(notes).toHaveLength(360);
  tape.add("other", { kind: "on", midi: 60, velocity: 9 });
  play(300);
  const held = tape.toMidiFile("Lesson", duo);
  expect(Buffer.from(held)).toEqual(asWritten(held));
  expect(ofOther(held).slice(-3)).toMatchObject([
    { type: "noteOn", noteNumber: 60 },
    { type: "noteOff", noteNumber: 60, deltaTime: 300 },
    { type: "endOfTrack" },
  ]);
  expect(Buffer.from(tape.toMidiFile("Lesson", duo))).toEqual(Buffer.from(held));
  tape.add("other", { kind: "off", midi: 60 });
  expect(Buffer.from(tape.toMidiFile("Lesson", duo))).toEqual(Buffer.from(held));
});

function asWritten(file: Uint8Array): Buffer {
  return Buffer.from(writeMidi(parseMidi(file)));
}

test("an hour is written down in moments, and the next seconds of it at once", () => {
  const { tape } = playFor(60);
  const took = (work: () => void) => {
    const from = performance.now();
    work();
    return performance.now() - from;
  };
  // Each part written once takes some 50 ms; all of it anew with each event took a minute.
  expect(took(() => tape.toMidiFile("Lesson", duo))).toBeLessThan(1_000);
  expect(took(() => tape.toMidiFile("Lesson", duo))).toBeLessThan(100);
});
