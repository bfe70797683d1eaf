import { expect, test } from "vitest";
import { nothingSelected, selectTo, toggle, within } from "./selection";

const order = ["a", "b", "c", "d", "e"];
const idsOf = ({ ids }: { ids: ReadonlySet<string> }) => [...ids].toSorted();

test("a row is chosen, and no longer", () => {
  const one = toggle(nothingSelected, "b");
  expect(idsOf(one)).toEqual(["b"]);
  expect(idsOf(toggle(one, "b"))).toEqual([]);
});

test("a range goes from the last row that was chosen, in either direction", () => {
  const one = toggle(nothingSelected, "c");
  expect(idsOf(selectTo(one, "e", order))).toEqual(["c", "d", "e"]);
  expect(idsOf(selectTo(one, "a", order))).toEqual(["a", "b", "c"]);
  // The anchor stays, so that the other end can be moved.
  expect(idsOf(selectTo(selectTo(one, "d", order), "b", order))).toEqual(["b", "c", "d"]);
});

test("a range from nowhere is one row", () => {
  expect(idsOf(selectTo(nothingSelected, "d", order))).toEqual(["d"]);
  expect(idsOf(selectTo({ ids: new Set(), anchor: "gone" }, "d", order))).toEqual(["d"]);
});

test("rows that left the list are no longer chosen", () => {
  const all = { ids: new Set(order), anchor: "e" };
  const left = within(all, ["b", "c"]);
  expect(idsOf(left)).toEqual(["b", "c"]);
  expect(left.anchor).toBeNull();
});
