import { describe, expect, test } from "vitest";
import { clientAddressOf, isForFiles, originOf, type RequestHead } from "./forwarded";

function head(headers: Record<string, string> = {}, url = "http://inside.test/"): RequestHead {
  return { method: "GET", url, headers: new Headers(headers) };
}

test.each([
  [0, "198.51.100.1, 203.0.113.7", "192.0.2.1"],
  [1, "198.51.100.1, 203.0.113.7", "203.0.113.7"],
  [2, "10.9.9.9, 198.51.100.1, 203.0.113.7", "198.51.100.1"],
  [3, "203.0.113.7", "203.0.113.7"],
  [1, "198.51.100.1, [2001:DB8::7]:4711", "2001:db8::7"],
  [1, "203.0.113.7, ::ffff:198.51.100.1", "198.51.100.1"],
  [1, "203.0.113.7, not an address", "192.0.2.1"],
  [1, "", "192.0.2.1"],
])("behind %i proxies, %j comes from %s", (proxyHops, forwarded, address) => {
  const connection = { remoteAddress: "::ffff:192.0.2.1" };
  const from = head({ "x-forwarded-for": forwarded });
  expect(clientAddressOf(from, connection, { proxyHops })).toBe(address);
});

test("a platform's own header counts, and what a client adds to others does not", () => {
  const trust = { proxyHops: 1, addressHeader: "x-platform" };
  const from = head({ "x-platform": "203.0.113.7", "x-forwarded-for": "198.51.100.1" });
  expect(clientAddressOf(from, {}, trust)).toBe("203.0.113.7");
  expect(clientAddressOf(head(), {}, trust)).toBe("");
});

test("the origin is the configured one, else what the outermost proxy says, else the connection's", () => {
  const config = { publicOrigin: null, filesOrigin: null };
  const forwarded = head({
    host: "inside.test",
    "x-forwarded-host": "evil.test, studio.test",
    "x-forwarded-proto": "gopher, https",
  });
  expect(originOf(config, forwarded, { proxyHops: 1 })).toBe("https://studio.test");
  expect(originOf(config, forwarded, { proxyHops: 0 })).toBe("http://inside.test");
  const publicOrigin = "https://public.test";
  expect(originOf({ ...config, publicOrigin }, forwarded, { proxyHops: 1 })).toBe(publicOrigin);
  const broken = head({
    host: "inside.test",
    "x-forwarded-host": "a b",
    "x-forwarded-proto": "javascript",
  });
  expect(originOf(config, broken, { proxyHops: 1 })).toBe("http://inside.test");
});

describe("a request is for the files' origin", () => {
  const files = { publicOrigin: null, filesOrigin: "https://files.test" };
  const isFor = (
    config: typeof files | { publicOrigin: string; filesOrigin: string },
    host: string,
  ) => isForFiles(config, head({ host }), { proxyHops: 0 });

  test("by any name it gives, in any case", () => {
    const names: Record<string, string>[] = [
      { host: "files.test" },
      { host: "FILES.test:443" },
      { host: "inside.test", "x-forwarded-host": "files.test" },
      { host: "files.test", "x-forwarded-host": "studio.test" },
      { host: "inside.test", "x-forwarded-host": "studio.test, files.test" },
    ];
    for (const name of names) expect(isForFiles(files, head(name), { proxyHops: 1 })).toBe(true);
    expect(isForFiles(files, head({ host: "studio.test" }), { proxyHops: 1 })).toBe(false);
    const unbelieved = head({ host: "studio.test", "x-forwarded-host": "files.test" });
    expect(isForFiles(files, unbelieved, { proxyHops: 0 })).toBe(false);
  });

  test.each(["files.test.", "Files.Test.:443", "files.test:80", "files.test:8443"])(
    "also where it is written as %s, which browsers take to the same server",
    (host) => expect(isFor(files, host)).toBe(true),
  );

  test("by the port alone where the app's own origin has the same name", () => {
    const beside = {
      publicOrigin: "http://studio.test:3000",
      filesOrigin: "http://studio.test:3001",
    };
    expect([isFor(beside, "studio.test:3001"), isFor(beside, "studio.test.:3001")]).toEqual([
      true,
      true,
    ]);
    expect([isFor(beside, "studio.test:3000"), isFor(beside, "studio.test")]).toEqual([
      false,
      false,
    ]);
    const unsaid = { publicOrigin: null, filesOrigin: "http://localhost:3001" };
    expect([isFor(unsaid, "localhost:3001"), isFor(unsaid, "localhost:3000")]).toEqual([
      true,
      false,
    ]);
  });
});
