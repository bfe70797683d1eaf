import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { uploadFile } from "./setup/file-uploads";
import { newMember, type Rpc, signInAdmin } from "./setup/rpc";
import { png } from "./setup/samples";
import { targets } from "./setup/targets";

/** Next sends what its routes answer in chunks, without the Content-Length that they give. */
const unsaid = "unsaid";

describe.each(targets)("the URL of a file on $name", (target) => {
  let maja: Rpc;
  const bytes = randomBytes(1000);
  let storageId: string;
  let url: string;

  beforeAll(async () => {
    maja = await newMember(target, await signInAdmin(target));
    storageId = await uploadFile(maja, bytes, "application/octet-stream");
    url = await urlOf(storageId);
  });

  const urlOf = async (storageId: string, filename?: string): Promise<string> =>
    (await maja.query("files.getUrl", { storageId, filename })).data;

  const ask = (headers: Record<string, string>, method = "GET") => fetch(url, { method, headers });

  test("is absolute and the same within a window", async () => {
    expect(new URL(url).protocol).toMatch(/^https?:$/);
    // Two in a row fall into one window, even where a first one falls before its end.
    const urls = [await urlOf(storageId), await urlOf(storageId), await urlOf(storageId)];
    expect(urls[1] === urls[0] || urls[1] === urls[2]).toBe(true);
  });

  test("answers 304 to whoever has the bytes, and HEAD without them", async () => {
    const whole = await ask({});
    const etag = whole.headers.get("etag") ?? "";
    expect(etag).toMatch(/^(W\/)?".+"$/);
    await whole.arrayBuffer();
    const known = await ask({ "if-none-match": etag });
    expect([known.status, await known.text()]).toEqual([304, ""]);
    expect(known.headers.get("etag")).toBe(etag);
    expect((await ask({ "if-none-match": `"other", ${etag}` })).status).toBe(304);
    const changed = await ask({ "if-none-match": '"other"' });
    expect([changed.status, (await changed.arrayBuffer()).byteLength]).toEqual([200, 1000]);
    const head = await ask({}, "HEAD");
    expect([head.status, head.headers.get("etag"), await head.text()]).toEqual([200, etag, ""]);
    expect(head.headers.get("content-length") ?? unsaid).toMatch(/^(1000|unsaid)$/);
  });

  test.each([
    ["bytes=0-9", 0, 10],
    ["bytes=990-", 990, 1000],
    ["bytes=-10", 990, 1000],
    ["bytes=500-5000", 500, 1000],
    ["bytes=-5000", 0, 1000],
  ])("gives the range %s as 206", async (range, start, end) => {
    const response = await ask({ range });
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(`bytes ${start}-${end - 1}/1000`);
    expect([String(end - start), unsaid]).toContain(
      response.headers.get("content-length") ?? unsaid,
    );
    const part = Buffer.from(await response.arrayBuffer());
    expect(part.equals(bytes.subarray(start, end))).toBe(true);
  });

  test.each(["bytes=1000-", "bytes=5000-6000", "bytes=-0"])("answers 416 to %s", async (range) => {
    const response = await ask({ range });
    expect([response.status, response.headers.get("content-range")]).toEqual([416, "bytes */1000"]);
  });

  test.each(["bytes=9-5", "lines=1-2", "bytes=a-b"])(
    "gives the whole where %s means nothing",
    async (range) => {
      const response = await ask({ range });
      expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, 1000]);
    },
  );

  test("runs nothing in a browser", async () => {
    const inert = await fetch(await urlOf(await uploadFile(maja, png(), "image/png")));
    const other = await ask({});
    for (const { headers } of [inert, other]) {
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toMatch(/(^|;)\s*sandbox\s*(;|$)/);
    }
    expect(inert.headers.get("content-disposition") ?? "inline").toMatch(/^inline/);
    expect(other.headers.get("content-disposition")).toMatch(/^attachment/);
  });

  test.each([
    ["plain", "score.pdf"],
    ["accents", "Prélude à l’après-midi.pdf"],
    ["right to left", "تقرير نهائي.pdf"],
    ["Japanese", "月光ソナタ.pdf"],
    ["characters of four bytes", "🎹🎼.pdf"],
    ["quotes and percent", `Op. 27 "quasi" 100%;'.pdf`],
  ])("names the download: %s", async (_, filename) => {
    const response = await fetch(await urlOf(storageId, filename));
    expect(filenameOf(response)).toBe(filename);
  });

  test.each(["a\r\nSet-Cookie: x=y.pdf", "../../etc/passwd", "..\\..\\boot.ini"])(
    "no name leaves its header or its folder: %j",
    async (filename) => {
      const response = await fetch(await urlOf(storageId, filename));
      expect(response.status).toBe(200);
      expect(response.headers.get("set-cookie")).toBeNull();
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
      expect(filenameOf(response)).not.toMatch(/[\u0000-\u001f/\\]/);
      expect(response.headers.get("content-disposition")?.split("filename*=")[0]).not.toMatch(
        /[/\\]/,
      );
    },
  );

  test.each(["\ud83c.pdf", "a\0b.pdf"])("the name %j is no text, and refused", async (filename) => {
    const { error } = await maja.query("files.getUrl", { storageId, filename });
    expect(error?.data.appCode).toBe("INVALID_INPUT");
  });

  test("every part of it counts", async () => {
    const named = new URL(await urlOf(storageId, "score.pdf"));
    expect((await fetch(named)).status).toBe(200);
    const other = await uploadFile(maja, randomBytes(10), "application/octet-stream");
    const forged = [new URL(named.href.replace(storageId, other)), new URL(named.pathname, named)];
    for (const [name, value] of named.searchParams) {
      const changed = new URL(named);
      changed.searchParams.set(name, /^\d+$/.test(value) ? `${value}0` : flipped(value));
      forged.push(changed);
    }
    for (const attempt of forged) {
      const refused = await fetch(attempt);
      expect([403, 404], attempt.href).toContain(refused.status);
      expect(await refused.json()).toMatchObject({
        error: { appCode: expect.any(String), requestId: expect.any(String) },
      });
    }
  });

  test("stops working within a second of the file's deletion", async () => {
    const doomed = await uploadFile(maja, png(), "image/png");
    const link = await urlOf(doomed);
    expect((await fetch(link)).status).toBe(200);
    expect((await maja.mutate("files.delete", { storageId: doomed })).data).toEqual({
      deleted: true,
    });
    await expect
      .poll(async () => (await fetch(link)).status, { timeout: 1_000, interval: 50 })
      .toBe(404);
    expect((await maja.query("files.getUrl", { storageId: doomed })).data).toBeNull();
    expect((await maja.query("files.getMetadata", { storageId: doomed })).data).toBeNull();
    const again = await maja.mutate("files.delete", { storageId: doomed });
    expect([again.status, again.error?.data.appCode]).toEqual([404, "NOT_FOUND"]);
  });
});

/** The name that a browser would save under: RFC 5987's, well formed. */
function filenameOf(response: Response): string {
  const header = response.headers.get("content-disposition") ?? "";
  const [, encoded] = /;\s*filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~%-]+)(;|$)/.exec(header) ?? [];
  expect(encoded, header).toBeDefined();
  return decodeURIComponent(encoded ?? "");
}

function flipped(text: string): string {
  const last = text.at(-2) === "A" ? "B" : "A";
  return `${text.slice(0, -2)}${last}${text.slice(-1)}`;
}
