import { expect, test } from "vitest";
import type { KeyChange } from "./key-events";
import { createKeyInbox } from "./key-inbox";

function inboxOf() {
  const receive = createKeyInbox();
  return (seq: number, change: KeyChange) => receive({ ...change, seq, sentAtMs: 0 });
}

test("a press and a release pass in order", () => {
  const receive = inboxOf();
  expect(receive(0, { kind: "on", midi: 60, velocity: 80 })).toEqual([
    { kind: "on", midi: 60, velocity: 80 },
  ]);
  expect(receive(1, { kind: "off", midi: 60 })).toEqual([{ kind: "off", midi: 60 }]);
});

test("a press that its release overtook leaves no hanging key", () => {
  const receive = inboxOf();
  expect(receive(1, { kind: "off", midi: 60 })).toEqual([]);
  expect(receive(0, { kind: "on", midi: 60, velocity: 80 })).toEqual([]);
});

test("keys do not wait for one another", () => {
  const receive = inboxOf();
  expect(receive(5, { kind: "on", midi: 64, velocity: 80 })).toHaveLength(1);
  expect(receive(4, { kind: "on", midi: 60, velocity: 80 })).toHaveLength(1);
});

test("what is held now ends what hangs and shows what was missed, without a stroke", () => {
  const receive = inboxOf();
  receive(0, { kind: "on", midi: 60, velocity: 80 });
  receive(1, { kind: "on", midi: 62, velocity: 80 });
  expect(receive(2, { kind: "held", keys: [62, 67], pedal: true })).toEqual([
    { kind: "off", midi: 60 },
    { kind: "on", midi: 67, velocity: 0 },
    { kind: "pedal", down: true },
  ]);
});

test("an old word of what is held changes nothing that came after it", () => {
  const receive = inboxOf();
  receive(8, { kind: "on", midi: 60, velocity: 80 });
  receive(9, { kind: "pedal", down: true });
  expect(receive(3, { kind: "held", keys: [], pedal: false })).toEqual([]);
});

test("where no more may go down, whatever is down still goes up, and nothing that was left out hangs", () => {
  let may = true;
  const receive = createKeyInbox(() => may);
  let seq = 0;
  const hear = (change: KeyChange) => receive({ ...change, seq: seq++, sentAtMs: 0 });
  hear({ kind: "on", midi: 60, velocity: 80 });
  hear({ kind: "pedal", down: true });
  may = false;
  expect(hear({ kind: "on", midi: 62, velocity: 80 })).toEqual([]);
  expect(hear({ kind: "held", keys: [60, 62, 64], pedal: true })).toEqual([]);
  expect(hear({ kind: "off", midi: 62 })).toEqual([]);
  expect(hear({ kind: "off", midi: 60 })).toEqual([{ kind: "off", midi: 60 }]);
  expect(hear({ kind: "pedal", down: false })).toEqual([{ kind: "pedal", down: false }]);
  expect(hear({ kind: "pedal", down: true })).toEqual([]);
  may = true;
  expect(hear({ kind: "held", keys: [64], pedal: true })).toEqual([
    { kind: "on", midi: 64, velocity: 0 },
    { kind: "pedal", down: true },
  ]);
});
