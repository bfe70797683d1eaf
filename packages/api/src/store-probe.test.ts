import { afterEach, beforeEach, expect, test } from "vitest";
import { refusedByProxy } from "./refused-by-proxy";
import { createStoreProbe } from "./store-probe";

const url = "http://store.test/media/key?signed";
const answers = async () => new Response("");
const fails = () => Promise.reject(new TypeError("Failed to fetch"));

beforeEach(() => {
  Object.assign(globalThis, { location: { origin: "https://app.test" } });
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, "location");
});

test("a store that answers others forbids this page, and is said to with the origin to allow", async () => {
  const probe = createStoreProbe(answers, answers);
  await probe.lookInto(url);
  await expect(probe.lookInto(url)).rejects.toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringContaining("Add https://app.test to the origins"),
    details: { reason: "cors", origin: "https://app.test", store: "http://store.test" },
  });
});

test("a store that answers nobody is told from a network that is away", async () => {
  const away = createStoreProbe(fails, fails);
  const alone = createStoreProbe(fails, answers);
  for (const probe of [away, alone]) await probe.lookInto(url);
  await away.lookInto(url);
  await expect(alone.lookInto(url)).rejects.toMatchObject({
    code: "NETWORK",
    details: { reason: "store", store: "http://store.test" },
  });
});

test("nothing is suspected of a store that took bytes before, or of the page's own origin", async () => {
  const reached = createStoreProbe(answers, answers);
  reached.reached();
  const own = createStoreProbe(answers, answers);
  for (let failure = 0; failure < 5; failure++) {
    await reached.lookInto(url);
    await own.lookInto("https://app.test/api/objects/x");
  }
});

test.each([
  ["<center>nginx/1.22.1</center>", { by: "nginx", limitBytes: 1_048_576 }],
  ["FUNCTION_PAYLOAD_TOO_LARGE", { by: "Vercel", limitBytes: 4_500_000 }],
  ["<html>", {}],
])("a 413 of a proxy's says what the limit is likely to be: %s", (words, told) => {
  expect(refusedByProxy(words, 5_000_000)).toMatchObject({
    code: "PAYLOAD_TOO_LARGE",
    details: { reason: "proxy", sizeBytes: 5_000_000, ...told },
  });
});
