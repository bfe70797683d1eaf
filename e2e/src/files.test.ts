import { randomBytes, randomUUID } from "node:crypto";
import { limits } from "@fermata/contract";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { countFiles, grantFile, postFile, uploadFile } from "./setup/file-uploads";
import { newMember, type Rpc, rpcFor, signInAdmin } from "./setup/rpc";
import { chunked, jpeg, pdf, png, sha256 } from "./setup/samples";
import { targets } from "./setup/targets";

const binary = { "content-type": "application/octet-stream" };

describe.each(targets)("files on $name", (target) => {
  const anonymous = rpcFor(target.baseUrl);
  let admin: Rpc;
  let maja: Rpc;
  let stranger: Rpc;

  beforeAll(async () => {
    admin = await signInAdmin(target);
    [maja, stranger] = await Promise.all([newMember(target, admin), newMember(target, admin)]);
  });

  const urlOf = async (storageId: string, filename?: string): Promise<string> =>
    (await maja.query("files.getUrl", { storageId, filename })).data;

  test("a grant, a raw POST and a URL that anybody's image tag can load", async () => {
    const bytes = png();
    const grant = await grantFile(maja);
    expect(grant.maxBytes).toBe(limits.files.maxBytes);
    expect(new URL(grant.url).protocol).toMatch(/^https?:$/);
    const secondsLeft = (Date.parse(grant.expiresAt) - Date.now()) / 1000;
    expect(secondsLeft).toBeGreaterThan(limits.files.grantSeconds - 120);
    expect(secondsLeft).toBeLessThan(limits.files.grantSeconds + 120);

    const { status, body } = await postFile(grant.url, bytes, { "content-type": "image/png" });
    expect([status, body]).toEqual([200, { storageId: expect.any(String) }]);
    const { storageId } = body;
    expect((await maja.query("files.getMetadata", { storageId })).data).toMatchObject({
      storageId,
      contentType: "image/png",
      sizeBytes: bytes.length,
      sha256: sha256(bytes),
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    const response = await fetch(await urlOf(storageId));
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test.each([
    ["files.generateUploadUrl", "mutate", {}],
    ["files.getUrl", "query", { storageId: "x" }],
    ["files.getMetadata", "query", { storageId: "x" }],
    ["files.list", "query", {}],
    ["files.delete", "mutate", { storageId: "x" }],
    ["files.deletions", "query", {}],
    ["profile.setAvatar", "mutate", { storageId: null }],
  ] as const)("refuses %s to an anonymous caller", async (path, kind, input) => {
    const { status, error } = await anonymous[kind](path, input);
    expect([status, error?.data.appCode]).toEqual([401, "UNAUTHENTICATED"]);
  });

  describe("the upload URL", () => {
    test("works once, also when fifty use it at the same moment", async () => {
      const member = await newMember(target, admin);
      const { url } = await grantFile(member);
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => postFile(url, png(), { "content-type": "image/png" })),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const { status, appCode } of answers.filter((answer) => answer.status !== 200)) {
        expect([status, appCode]).toEqual([409, "UPLOAD_ALREADY_USED"]);
      }
      expect(await countFiles(member)).toBe(1);
      const later = await postFile(url, png(), { "content-type": "image/png" });
      expect(later.appCode).toBe("UPLOAD_ALREADY_USED");
    });

    test("is refused with somebody else's bearer, and stays good for its owner", async () => {
      const { url } = await grantFile(maja);
      const foreign = { ...binary, authorization: `Bearer ${stranger.token}` };
      const refused = await postFile(url, png(), foreign);
      expect([403, 404]).toContain(refused.status);
      expect(refused.body.error.requestId).toEqual(expect.any(String));
      const own = await postFile(url, png(), { ...binary, authorization: `Bearer ${maja.token}` });
      expect(own.status).toBe(200);
      expect((await stranger.query("files.getMetadata", own.body)).data).toBeNull();
    });

    test("made up or tampered with, it is refused", async () => {
      const { url } = await grantFile(maja);
      const forged = url.replace(/[\w-]{8}$/, randomUUID().slice(0, 8));
      const refused = await postFile(forged, png(), binary);
      expect([403, 404]).toContain(refused.status);
      expect(refused.body.error.appCode).toEqual(expect.any(String));
    });

    test("takes what it was narrowed to and nothing else", async () => {
      const bytes = png();
      const terms = {
        contentType: "image/png",
        sizeBytes: bytes.length,
        sha256: sha256(bytes).toUpperCase(),
      };
      const before = await countFiles(maja);
      const type = await grantFile(maja, { contentType: terms.contentType });
      expect((await postFile(type.url, jpeg(), { "content-type": "image/jpeg" })).appCode).toBe(
        "UNSUPPORTED_MEDIA_TYPE",
      );
      const size = await grantFile(maja, { sizeBytes: terms.sizeBytes });
      const longer = Buffer.concat([bytes, Buffer.of(0)]);
      expect((await postFile(size.url, longer, binary)).appCode).toBe("PAYLOAD_TOO_LARGE");
      const shorter = await postFile(size.url, bytes.subarray(0, 40), binary);
      expect([shorter.status >= 400, shorter.status < 500]).toEqual([true, true]);
      const digest = await grantFile(maja, { sha256: terms.sha256 });
      expect((await postFile(digest.url, png([1, 2, 3]), binary)).appCode).toBe(
        "CHECKSUM_MISMATCH",
      );
      expect(await countFiles(maja)).toBe(before);

      const all = await grantFile(maja, terms);
      expect((await postFile(all.url, bytes, { "content-type": "image/png" })).status).toBe(200);
    });

    test("cannot be asked for with more than the limit", async () => {
      const { error } = await maja.mutate("files.generateUploadUrl", {
        sizeBytes: limits.files.maxBytes + 1,
      });
      expect(["INVALID_INPUT", "PAYLOAD_TOO_LARGE"]).toContain(error?.data.appCode);
    });

    test("can be posted to from an allowed origin", async () => {
      const { url } = await grantFile(maja);
      const preflight = await fetch(url, {
        method: "OPTIONS",
        headers: {
          origin: target.allowedOrigin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type,digest",
        },
      });
      expect(preflight.headers.get("access-control-allow-origin")).toBe(target.allowedOrigin);
      expect(preflight.headers.get("access-control-allow-headers")?.toLowerCase()).toContain(
        "digest",
      );
      const response = await fetch(url, {
        method: "POST",
        headers: { ...binary, origin: target.allowedOrigin },
        body: "by mirror",
      });
      expect(response.status).toBe(200);
      expect(response.headers.get("access-control-allow-origin")).toBe(target.allowedOrigin);
    });
  });

  describe("what is stored", () => {
    test("a right digest is accepted; a wrong one stores nothing and leaves the URL usable", async () => {
      const bytes = randomBytes(1000);
      const before = await countFiles(maja);
      const { url } = await grantFile(maja);
      const other = sha256(randomBytes(8), "base64");
      const wrong = await postFile(url, bytes, { ...binary, digest: `sha-256=${other}` });
      expect([wrong.status, wrong.appCode]).toEqual([400, "CHECKSUM_MISMATCH"]);
      expect(await countFiles(maja)).toBe(before);
      const digest = `sha-256=${sha256(bytes, "base64")}`;
      const right = await postFile(url, bytes, { ...binary, digest });
      expect(right.status).toBe(200);
      expect((await maja.query("files.getMetadata", right.body)).data.sha256).toBe(sha256(bytes));
    });

    test.each([
      ["image/png", png()],
      ["image/jpeg", jpeg()],
      ["application/pdf", pdf()],
    ])("%s is found in the bytes, whatever was said", async (contentType, bytes) => {
      const said = await uploadFile(maja, bytes, contentType);
      const unsaid = await uploadFile(maja, bytes, "application/octet-stream");
      for (const storageId of [said, unsaid]) {
        const { data } = await maja.query("files.getMetadata", { storageId });
        expect(data.contentType).toBe(contentType);
      }
    });

    test.each([
      ["a PNG called JPEG", "image/jpeg", png()],
      ["a JPEG called PNG", "image/png", jpeg()],
      ["a PDF called PNG", "image/png", pdf()],
      ["a page called PNG", "image/png", Buffer.from("<!doctype html><script>alert(1)</script>")],
      ["a page", "text/html", Buffer.from("<!doctype html><script>alert(1)</script>")],
      [
        "a drawing with scripts",
        "image/svg+xml",
        Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      ],
      ["noise called PNG", "image/png", Buffer.from("not a picture at all")],
    ])("%s is refused", async (_, contentType, bytes) => {
      const before = await countFiles(maja);
      const { url } = await grantFile(maja);
      const refused = await postFile(url, bytes, { "content-type": contentType });
      expect([refused.status, refused.appCode]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
      expect(await countFiles(maja)).toBe(before);
    });

    test("exactly 5 MiB fit; one byte more does not, with and without Content-Length", async () => {
      const bytes = Buffer.alloc(limits.files.maxBytes + 1, 7);
      const before = await countFiles(maja);
      const { url } = await grantFile(maja);
      for (const body of [bytes, chunked(bytes)]) {
        const refused = await postFile(url, body, binary);
        expect([refused.status, refused.appCode]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
      }
      expect(await countFiles(maja)).toBe(before);
      const fits = await postFile(url, chunked(bytes.subarray(1)), binary);
      expect(fits.status).toBe(200);
      expect((await maja.query("files.getMetadata", fits.body)).data.sizeBytes).toBe(
        limits.files.maxBytes,
      );
      const whole = await grantFile(maja);
      expect((await postFile(whole.url, bytes.subarray(1), binary)).status).toBe(200);
    });

    test("no bytes are no file, and the URL can be used again", async () => {
      const before = await countFiles(maja);
      const { url } = await grantFile(maja);
      const refused = await postFile(url, Buffer.alloc(0), binary);
      expect([refused.status, refused.appCode]).toEqual([400, "INVALID_INPUT"]);
      expect(await countFiles(maja)).toBe(before);
      expect((await postFile(url, png(), binary)).status).toBe(200);
    });

    test("bytes that stop half-way are no file, and the URL can be used again", async () => {
      const before = await countFiles(maja);
      const { url } = await grantFile(maja);
      await sendHalf(url, 200_000);
      const again = await vi.waitUntil(
        async () => {
          const answer = await postFile(url, png(), binary);
          return answer.status === 200 && answer;
        },
        { timeout: 10_000, interval: 100 },
      );
      expect((await maja.query("files.getMetadata", again.body)).data.contentType).toBe(
        "image/png",
      );
      expect(await countFiles(maja)).toBe(before + 1);
    });
  });

  test("somebody else's file is as good as none", async () => {
    const storageId = await uploadFile(maja, png(), "image/png");
    for (const id of [storageId, randomUUID()]) {
      expect((await stranger.query("files.getUrl", { storageId: id })).data).toBeNull();
      expect((await stranger.query("files.getMetadata", { storageId: id })).data).toBeNull();
      const refused = await stranger.mutate("files.delete", { storageId: id });
      expect([refused.status, refused.error?.data.appCode]).toEqual([404, "NOT_FOUND"]);
    }
    expect((await fetch(await urlOf(storageId))).status).toBe(200);
  });

  test("the list is paged, each file once, and holds nobody else's", async () => {
    const member = await newMember(target, admin);
    const uploaded: string[] = [];
    for (let shade = 0; shade < 5; shade++) {
      uploaded.push(await uploadFile(member, png([shade, shade, shade]), "image/png"));
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { storageId: string }[]; nextCursor: string | null } = (
        await member.query("files.list", { limit: 2, ...(cursor && { cursor }) })
      ).data;
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ storageId }) => storageId));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen.toSorted()).toEqual(uploaded.toSorted());
    const tooMany = await member.query("files.list", { limit: limits.pageItems + 1 });
    expect(tooMany.error?.data.appCode).toBe("INVALID_INPUT");
    const nonsense = await member.query("files.list", { cursor: "nonsense" });
    expect(nonsense.error?.data.appCode).toBe("INVALID_INPUT");
  });
});

/** Announces a body, sends half of it and hangs up. */
async function sendHalf(url: string, sizeBytes: number): Promise<void> {
  const { request } = url.startsWith("https:")
    ? await import("node:https")
    : await import("node:http");
  const sending = request(url, {
    method: "POST",
    headers: { ...binary, "content-length": sizeBytes },
  });
  sending.on("error", () => {});
  await new Promise((resolve) => sending.write(randomBytes(sizeBytes / 2), resolve));
  sending.destroy();
}
