import { beforeEach, expect, test } from "vitest";
import { dismissToast, toast, toastsSnapshot, undoToast } from "./toasts";

let happened: string[] = [];

beforeEach(() => {
  for (const { id } of toastsSnapshot()) dismissToast(id);
  happened = [];
});

function undoable(name: string): number {
  toast(
    name,
    () => happened.push(`undid ${name}`),
    () => happened.push(`settled ${name}`),
  );
  return toastsSnapshot().at(-1)?.id ?? 0;
}

test("what was put off happens once, when the toast has gone", () => {
  const id = undoable("one");
  expect(happened).toEqual([]);
  dismissToast(id);
  dismissToast(id);
  undoToast(id);
  expect(happened).toEqual(["settled one"]);
});

test("what is taken back never happens", () => {
  const id = undoable("one");
  undoToast(id);
  dismissToast(id);
  expect(happened).toEqual(["undid one"]);
});

test("a toast that newer ones push out has gone, too", () => {
  for (const name of ["one", "two", "three", "four"]) undoable(name);
  expect(toastsSnapshot().map(({ text }) => text)).toEqual(["two", "three", "four"]);
  expect(happened).toEqual(["settled one"]);
});
