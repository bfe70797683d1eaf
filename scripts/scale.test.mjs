import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { amountsOf, studioMonth } from "./scale/amounts.mjs";
import { billOf } from "./scale/bills.mjs";
import { root } from "./workspace.mjs";

const prices = JSON.parse(readFileSync(new URL("scale/prices.json", import.meta.url), "utf8"));

test("one studio's month costs the executions that were counted", () => {
  expect(Math.round(amountsOf(1, studioMonth).executions)).toBe(3310);
});

test("jobs that run when there is work cost no more than all of their slots, however many studios", () => {
  const without = { ...studioMonth, uploads: 0 };
  expect(amountsOf(10_000, without).executions).toBe(amountsOf(100_000, without).executions);
});

test("what is included costs nothing, what is beyond it its price, and an unknown price is said to be one", () => {
  const offer = {
    name: "An offer",
    lines: [
      { what: "plan", price: 25 },
      { what: "stored", of: "storedGB", included: 10, price: 0.5 },
      { what: "calls", of: "apiCalls", included: 1000, per: 100, price: 2 },
      { what: "messages", of: "messages", price: null },
    ],
  };
  const few = billOf(offer, { storedGB: 10, apiCalls: 1050, messages: 0 });
  expect(few).toMatchObject({ total: 26, unknown: [] });
  const many = billOf(offer, { storedGB: 12, apiCalls: 2000, messages: 1 });
  expect(many).toMatchObject({ total: 25 + 1 + 20, unknown: ["messages"] });
  expect(() => billOf(offer, {})).toThrow("there is no amount storedGB");
});

test("each price has its source", () => {
  const priced = prices.flatMap(({ lines }) => lines).filter(({ price }) => price !== null);
  expect(priced.filter(({ source }) => !source?.startsWith("https://"))).toEqual([]);
});

const scale = (...args) =>
  execFileSync("node", ["scripts/scale.mjs", ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: "pipe",
  });

test("docs/scale.md stands on what the command prints", () => {
  const guide = readFileSync(join(root, "docs/scale.md"), "utf8");
  for (const studios of [1, 1000, 100_000]) {
    const { amounts, bills } = JSON.parse(scale("--studios", String(studios), "--json"));
    expect.soft(guide).toContain(Math.round(amounts.executions).toLocaleString("en-US"));
    for (const { total } of bills) {
      const digits = total < 10 ? 2 : 0;
      expect
        .soft(guide)
        .toContain(`$${total.toLocaleString("en-US", { maximumFractionDigits: digits })}`);
    }
  }
});

test("takes one's own numbers and prices", () => {
  const directory = mkdtempSync(join(tmpdir(), "fermata-scale-"));
  const file = join(directory, "prices.json");
  writeFileSync(
    file,
    JSON.stringify([{ name: "Mine", lines: [{ what: "disk", of: "storedGB", price: 2 }] }]),
  );
  expect(scale("--studios", "3", "--storedGB", "5", "--prices", file)).toMatch(
    /\| Mine .*[\s\S]*\| disk \| \$30 \|/,
  );
  rmSync(directory, { recursive: true });
  expect(() => scale("--uploads", "many")).toThrow("--uploads many is no number");
  expect(() => scale("--nothing")).toThrow("--nothing");
});
