import { expect, test } from "vitest";
import { resolveSource, sourceOfValue, sourceToValue } from "./key-source";

const stage = { id: "stage-88" };
const second = { id: "second" };

test("a keyboard is found by itself", () => {
  expect(resolveSource(null, [stage, second])).toEqual({ kind: "midi", id: "stage-88" });
});

test("without one the computer's keyboard plays", () => {
  expect(resolveSource(null, [])).toEqual({ kind: "computer" });
});

test("the chosen one is taken, and another one while it is unplugged", () => {
  const chosen = { kind: "midi", id: "second" } as const;
  expect(resolveSource(chosen, [stage, second])).toEqual(chosen);
  expect(resolveSource(chosen, [stage])).toEqual({ kind: "midi", id: "stage-88" });
  expect(resolveSource(chosen, [])).toEqual({ kind: "computer" });
});

test("who wants the screen only, gets that", () => {
  expect(resolveSource({ kind: "none" }, [stage])).toEqual({ kind: "none" });
});

test("a choice survives the way through a form", () => {
  for (const source of [
    { kind: "midi", id: "midi:odd id" },
    { kind: "computer" },
    { kind: "none" },
  ] as const) {
    expect(sourceOfValue(sourceToValue(source))).toEqual(source);
  }
});
