import { afterAll, describe, expect, test } from "vitest";
import { appCode, openFileLab } from "../../testing/file-lab";
import { sampleOf } from "../../testing/sample-bytes";

const lab = await openFileLab();
const { me, post } = lab;
afterAll(() => lab.close());

describe("the stored type", () => {
  test.each([
    ["image/png", sampleOf("png"), "image/png"],
    ["image/jpg", sampleOf("jpeg"), "image/jpeg"],
    ["IMAGE/GIF; x=y", sampleOf("gif"), "image/gif"],
    ["application/pdf", sampleOf("pdf"), "application/pdf"],
    ["audio/mp4", sampleOf("mp4"), "video/mp4"],
    ["application/octet-stream", sampleOf("png"), "image/png"],
    ["", sampleOf("jpeg"), "image/jpeg"],
    ["", "just words", "application/octet-stream"],
    ["application/octet-stream", "<html><script>", "application/octet-stream"],
    ["application/octet-stream", '<?xml version="1.0"?><svg/>', "application/octet-stream"],
    ["text/plain;charset=UTF-8", "naïve 🎹\r\n\tline", "text/plain"],
    ["text/csv", "a,b\n1,2", "text/csv"],
    ["text/markdown", "# Title", "text/markdown"],
    ["application/json", '{"a":[1,2]}', "application/json"],
  ])("for a claim of '%s' is found in the bytes", async (claim, bytes, stored) => {
    const { url } = await me.files.generateUploadUrl();
    const answer = await post(url, bytes, claim ? { "content-type": claim } : {});
    expect(answer.status).toBe(200);
    const metadata = await me.files.getMetadata(JSON.parse(answer.text));
    expect(metadata?.contentType).toBe(stored);
  });

  test.each([
    ["image/png", sampleOf("jpeg")],
    ["image/png", "<html><script>alert(1)</script>"],
    ["image/jpeg", sampleOf("pdf")],
    ["video/mp4", sampleOf("png")],
    ["application/pdf", "no such thing"],
    ["text/html", "<html>"],
    ["image/svg+xml", "<svg/>"],
    ["application/xhtml+xml", "<html/>"],
    ["application/xml", "<a/>"],
    ["text/javascript", "alert(1)"],
    ["application/x-unheard-of", "?"],
    ["not a type", "?"],
    ["text/plain", Buffer.from([0x66, 0x00, 0x6f])],
    ["text/plain", Buffer.from([0x66, 0xff, 0xfe])],
    ["text/plain", "bell\u0007"],
    ["text/plain", sampleOf("png")],
    ["text/plain", "%PDF-1.7\nhello"],
    ["application/json", "{not json}"],
  ])("is refused where '%s' is not true or not accepted", async (claim, bytes) => {
    const { url } = await me.files.generateUploadUrl();
    const answer = await post(url, bytes, { "content-type": claim });
    expect([answer.status, appCode(answer)]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
  });

  test("that was granted cannot be another", async () => {
    const { url } = await me.files.generateUploadUrl({ contentType: "image/png" });
    expect((await post(url, sampleOf("jpeg"), { "content-type": "image/jpeg" })).status).toBe(415);
    expect((await post(url, sampleOf("jpeg"))).status).toBe(415);
    expect((await post(url, sampleOf("png"))).status).toBe(200);
    await expect(me.files.generateUploadUrl({ contentType: "text/html" })).rejects.toMatchObject({
      cause: { code: "UNSUPPORTED_MEDIA_TYPE" },
    });
  });

  test("of text is checked over all of it", async () => {
    const text = Buffer.concat([Buffer.alloc(200_000, "a"), Buffer.from([0])]);
    const { url } = await me.files.generateUploadUrl();
    expect((await post(url, text, { "content-type": "text/plain" })).status).toBe(415);
    const split = `${"a".repeat(65_535)}€${"b".repeat(70_000)}`;
    expect((await post(url, split, { "content-type": "text/plain" })).status).toBe(200);
  });
});
