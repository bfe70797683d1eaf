import { hash } from "@node-rs/argon2";
import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./passwords";
import { requireUncommonPassword } from "./require-uncommon-password";

const composed = "Caf\u00e9-M\u00fcnchen-2026";
const decomposed = composed.normalize("NFD");

test.each([
  ["composed", composed, decomposed],
  ["decomposed", decomposed, composed],
  ["in wide letters", "ｐａｓｓｗｏｒｄ of hers", "password of hers"],
])("a password that was set %s is the same in another form", async (_, set, typed) => {
  const held = await hashPassword(set);
  expect(await verifyPassword(held, typed)).toBe(true);
  expect(await verifyPassword(held, set)).toBe(true);
  expect(await verifyPassword(held, `${set}x`)).toBe(false);
});

test.each([
  ["as it was typed", "ｐａｓｓ of hers", "ｐａｓｓ of hers"],
  ["composed", composed, decomposed],
  ["decomposed", decomposed, composed],
])("one that was kept %s before still opens", async (_, kept, typed) => {
  expect(await verifyPassword(await hash(kept), typed)).toBe(true);
});

test("many at once are all answered", async () => {
  const held = await hashPassword("a password of hers");
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      verifyPassword(held, i ? "not hers" : "a password of hers"),
    ),
  );
  expect(answers.filter(Boolean)).toHaveLength(1);
});

test.each(["password", "Password123", "IloveYou1", "maja@example.com", "Maja.Viola"])(
  "%s is refused",
  async (password) => {
    const email = password.includes("@") ? password : "maja.viola@example.com";
    await expect(requireUncommonPassword(password, { email })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      details: { issues: [{ path: "password" }] },
    });
  },
);

test.each(["longenough1", "a sentence that nobody guesses", `${"x".repeat(100)}A`])(
  "%s is taken",
  async (password) => {
    await requireUncommonPassword(password, { email: "maja@example.com" });
  },
);
