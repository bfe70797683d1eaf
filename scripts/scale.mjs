// `npm run scale -- --studios 1000 [--uploads 2000 …] [--prices FILE]`: what so many studios ask for in a month, and what that costs.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { amountsOf, studioMonth } from "./scale/amounts.mjs";
import { billOf } from "./scale/bills.mjs";
import { printed } from "./scale/printed.mjs";

const options = Object.fromEntries(
  ["studios", "prices", ...Object.keys(studioMonth)].map((name) => [name, { type: "string" }]),
);

try {
  const { values } = parseArgs({ options: { ...options, json: { type: "boolean" } } });
  const { studios = "1", prices, json, ...given } = values;
  const use = { ...studioMonth, ...numbers(given) };
  const amounts = amountsOf(numbers({ studios }).studios, use);
  const offers = JSON.parse(
    readFileSync(prices ?? new URL("scale/prices.json", import.meta.url), "utf8"),
  );
  const bills = offers.map((offer) => billOf(offer, amounts));
  console.log(json ? JSON.stringify({ use, amounts, bills }, null, 2) : printed(amounts, bills));
} catch (error) {
  console.error(
    `${error.message}\n\nnpm run scale -- ${Object.keys(options)
      .map((name) => `[--${name} …]`)
      .join(" ")} [--json]`,
  );
  process.exit(2);
}

function numbers(given) {
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      const value = Number(text);
      if (!(value >= 0)) throw new Error(`--${name} ${text} is no number`);
      return [name, value];
    }),
  );
}
