import { crc32 } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { grantFile, postFile, uploadFile } from "./setup/file-uploads";
import { newMember, type Rpc, signInAdmin } from "./setup/rpc";
import { pdf, png } from "./setup/samples";
import { targets } from "./setup/targets";

describe.each(targets)("images among files on $name", (target) => {
  let admin: Rpc;
  let maja: Rpc;

  beforeAll(async () => {
    admin = await signInAdmin(target);
    maja = await newMember(target, admin);
  });

  const urlOf = async (storageId: string, width?: number): Promise<string> =>
    (await maja.query("files.getUrl", { storageId, width })).data;

  test("metadata and lists say how large they are, and hold a placeholder", async () => {
    const storageId = await uploadFile(maja, png([200, 10, 10], 300), "image/png");
    const image = { width: 300, height: 300, orientation: 1, thumbHash: expect.any(String) };
    expect((await maja.query("files.getMetadata", { storageId })).data).toMatchObject({ image });
    const { data } = await maja.query("files.list", { limit: 10 });
    expect(data.items[0]).toMatchObject({ storageId, image });
    const document = await uploadFile(maja, pdf(), "application/pdf");
    const { data: metadata } = await maja.query("files.getMetadata", { storageId: document });
    expect(metadata).not.toHaveProperty("image");
  });

  test("a listed width gives a smaller WebP with a validator of its own", async () => {
    const storageId = await uploadFile(maja, png([10, 200, 10], 600), "image/png");
    const url = await urlOf(storageId, 128);
    const answers = await Promise.all(Array.from({ length: 10 }, () => fetch(url)));
    const bodies = await Promise.all(answers.map(async (answer) => answer.arrayBuffer()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(bodies.map((body) => Buffer.from(body).toString("hex"))).size).toBe(1);
    const [answer] = answers;
    expect(answer?.headers.get("content-type")).toBe("image/webp");
    const etag = answer?.headers.get("etag") ?? "";
    const original = await fetch(await urlOf(storageId));
    expect(original.headers.get("content-type")).toBe("image/png");
    expect(original.headers.get("etag")).not.toBe(etag);
    const again = await fetch(url, { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
  });

  test("any other width is refused, and so is a width of what is no image", async () => {
    const storageId = await uploadFile(maja, png(), "image/png");
    const url = await urlOf(storageId);
    const appCodeOf = async (answer: Response) => (await answer.json()).error.appCode;
    for (const width of ["65", "0", "x", "99999"]) {
      const answer = await fetch(`${url}&w=${width}`);
      expect([answer.status, await appCodeOf(answer)]).toEqual([400, "INVALID_INPUT"]);
    }
    const unlisted = await maja.query("files.getUrl", { storageId, width: 65 });
    expect([unlisted.status, unlisted.error?.data.appCode]).toEqual([400, "INVALID_INPUT"]);
    const document = await uploadFile(maja, pdf(), "application/pdf");
    const none = await maja.query("files.getUrl", { storageId: document, width: 64 });
    expect([none.status, none.error?.data.appCode]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
  });

  test("a smaller copy ends with its file, and the receipt says when its bytes are gone", async () => {
    const bytes = png([10, 10, 200], 400);
    const storageId = await uploadFile(maja, bytes, "image/png");
    const url = await urlOf(storageId, 64);
    expect((await fetch(url)).status).toBe(200);
    await maja.mutate("files.delete", { storageId });
    await expect.poll(async () => (await fetch(url)).status, { timeout: 1_000 }).toBe(404);
    const receipt = async () => {
      const { data } = await maja.query("files.deletions", { limit: 1 });
      return data.items[0];
    };
    expect(await receipt()).toMatchObject({ storageId, sizeBytes: bytes.length });
    await expect
      .poll(async () => (await receipt()).bytesDeletedAt, { timeout: 10_000 })
      .toMatch(/^\d{4}-/);
  });

  test("more pixels than anybody can show are refused by what the header declares", async () => {
    const bomb = Buffer.from(png());
    // In the header's place: 60,000 by 60,000.
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    const { url } = await grantFile(maja);
    const { status, appCode } = await postFile(url, bomb, { "content-type": "image/png" });
    expect([status, appCode]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  });
});
