import { expect, test } from "vitest";
import { createWrapper, type SeenNumbers, unwrap } from "./envelope";

test("gives each message once, however often it was stored", () => {
  const wrap = createWrapper("page-1");
  const [first, second] = [wrap("a"), wrap("b")];
  const seen: SeenNumbers = {};
  const heard = [first, second, first, second].map((payload) => unwrap(seen, "ada", payload));
  expect(heard).toEqual([{ data: "a" }, { data: "b" }, null, null]);
});

test("takes what another peer, or the same peer's next page, sends under the same numbers", () => {
  const seen: SeenNumbers = {};
  expect(unwrap(seen, "ada", createWrapper("page-1")("a"))).toEqual({ data: "a" });
  expect(unwrap(seen, "ben", createWrapper("page-9")("b"))).toEqual({ data: "b" });
  expect(unwrap(seen, "ada", createWrapper("page-2")("c"))).toEqual({ data: "c" });
});

test.each([["text"], [null], [{ fermata: "no mark" }], [{ data: 1 }]])(
  "takes %j, which another program sent, as it is",
  (payload) => {
    expect(unwrap({}, "ada", payload)).toEqual({ data: payload });
  },
);
