import { createHash, randomBytes } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type ChecksumKind, checksumsOf } from "./part-checksums";

const mib = 1024 * 1024;
const bytes = randomBytes(10 * mib);
const cut = (...sizes: number[]) =>
  sizes.map((size, index) => bytes.subarray(index * 1_000, index * 1_000 + size));
const expected = (parts: Uint8Array[], kind: ChecksumKind) =>
  parts.map((part) => ({
    [kind]: createHash(kind)
      .update(part)
      .digest(kind === "md5" ? "base64" : "hex"),
  }));
const blobs = (parts: Uint8Array[]) => parts.map((part) => new Blob([new Uint8Array(part)]));

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const groups = [
  ["four of one size", cut(9 * mib, 9 * mib, 9 * mib, 9 * mib)],
  ["some of several sizes", cut(3 * mib, 100, 3 * mib)],
  ["a single one", cut(5 * mib + 1)],
  ["none", []],
] as const;

describe.each(["md5", "sha256"] as const)("the %s of parts", (kind) => {
  test.each(groups)("is right for %s", async (_, group) => {
    const parts = [...group];
    expect(await checksumsOf(blobs(parts), kind)).toEqual(expected(parts, kind));
    expect(await checksumsOf(parts, kind)).toEqual(expected(parts, kind));
  });

  test.each(groups)("is the same for %s where there is no Node", async (_, group) => {
    const parts = [...group];
    vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    expect(await checksumsOf(blobs(parts), kind)).toEqual(expected(parts, kind));
  });

  test("is not computed any further after an abort", async () => {
    const signal = AbortSignal.abort();
    await expect(checksumsOf(blobs(cut(100, 100)), kind, signal)).rejects.toMatchObject({
      code: "ABORTED",
    });
  });
});

test("pages that browsers keep SHA-256 from, and parts too large for it, get an MD5", async () => {
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  const large = [new Uint8Array(17 * mib)];
  expect(await checksumsOf(blobs(large), "sha256")).toEqual(expected(large, "md5"));
  vi.stubGlobal("crypto", {});
  const small = cut(1_000);
  expect(await checksumsOf(blobs(small), "sha256")).toEqual(expected(small, "md5"));
});

test("a page whose policy forbids WebAssembly gets none", async () => {
  vi.resetModules();
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  vi.stubGlobal("WebAssembly", {
    compile: () => Promise.reject(new Error("refused")),
    instantiate: () => Promise.reject(new Error("refused")),
  });
  const anew = await import("./part-checksums");
  expect(await anew.checksumsOf(blobs(cut(100, 100)), "md5")).toEqual([{}, {}]);
  vi.resetModules();
});
