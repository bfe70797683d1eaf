import { expect, test } from "vitest";
import { tellApart } from "./tell-apart";

test("numbers what has the name of an earlier one", () => {
  expect(tellApart(["a", "b", "a", "a"])).toEqual(["a", "b", "a (2)", "a (3)"]);
});
