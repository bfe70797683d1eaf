import { randomBytes } from "node:crypto";
import { limits } from "@fermata/contract";
import { beforeAll, describe, expect, test } from "vitest";
import { putBytes } from "./setup/media-uploads";
import { newMember, type Rpc, signInAdmin } from "./setup/rpc";
import { md5, sha256 } from "./setup/samples";
import { targets } from "./setup/targets";

const mebibyte = 1024 * 1024;

interface Multipart {
  key: string;
  uploadId: string;
  partSizeBytes: number;
  partCount: number;
  publicUrl: string | null;
}

describe.each(targets)("media in parts on $name", (target) => {
  let maja: Rpc;

  beforeAll(async () => {
    maja = await newMember(target, await signInAdmin(target));
  });

  const statusOf = async (url: string | null) => (await fetch(url ?? "")).status;
  const begin = async (sizeBytes: number): Promise<Multipart> => {
    const { data, error } = await maja.mutate("storage.createMultipartUpload", {
      filename: "Concert.mp4",
      contentType: "application/octet-stream",
      sizeBytes,
    });
    expect(error).toBeUndefined();
    return data;
  };
  const finish = (key: string, parts: { partNumber: number; etag: string }[]) =>
    maja.mutate("storage.completeMultipartUpload", { key, parts });

  /** Three parts: two full ones and a rest. */
  async function beginThree() {
    const probe = await begin(11 * mebibyte);
    expect(probe.partSizeBytes).toBeGreaterThanOrEqual(limits.storage.minPartBytes);
    await maja.mutate("storage.abortUpload", { key: probe.key });
    const bytes = randomBytes(2 * probe.partSizeBytes + 1000);
    const upload = await begin(bytes.length);
    expect(upload).toMatchObject({ partSizeBytes: probe.partSizeBytes, partCount: 3 });
    const put = async (partNumber: number) => {
      const start = (partNumber - 1) * upload.partSizeBytes;
      const part = bytes.subarray(start, start + upload.partSizeBytes);
      const { data } = await maja.mutate("storage.signParts", {
        key: upload.key,
        parts: [{ partNumber, md5: md5(part) }],
      });
      expect(data.urls).toHaveLength(1);
      const response = await putBytes(data.urls[0], part);
      expect(response.status).toBe(200);
      return { partNumber, etag: response.headers.get("etag") ?? "" };
    };
    return { upload, bytes, put };
  }

  test("out of order, resumed from the list of parts, completed twice, read as one", async () => {
    const { upload, bytes, put } = await beginThree();
    const { key } = upload;
    const [third, first] = [await put(3), await put(1)];
    const missing = await finish(key, [first, third]);
    expect(missing.error?.data.appCode).toBe("UPLOAD_INCOMPLETE");
    expect(await statusOf(upload.publicUrl)).toBe(404);

    const { error } = await maja.mutate("storage.signParts", {
      key,
      parts: [{ partNumber: 2 }],
      uploaded: [first, third],
    });
    expect(error).toBeUndefined();
    const { data } = await maja.query("storage.listParts", { key });
    expect(data.parts).toEqual([
      { ...first, sizeBytes: upload.partSizeBytes },
      { ...third, sizeBytes: 1000 },
    ]);

    const second = await put(2);
    const forged = await finish(key, [first, { ...second, etag: first.etag }, third]);
    expect(forged.error?.data.appCode).toEqual(expect.any(String));
    const row = { key, status: "ready", sizeBytes: bytes.length, filename: "Concert.mp4" };
    expect((await finish(key, [first, second, third])).data).toMatchObject(row);
    expect((await finish(key, [first, second, third])).data).toMatchObject(row);

    const whole = Buffer.from(await (await fetch(upload.publicUrl ?? "")).arrayBuffer());
    expect(sha256(whole)).toBe(sha256(bytes));
    const seam = upload.partSizeBytes;
    const across = await fetch(upload.publicUrl ?? "", {
      headers: { range: `bytes=${seam - 5}-${seam + 4}` },
    });
    expect(across.status).toBe(206);
    const part = Buffer.from(await across.arrayBuffer());
    expect(part.equals(bytes.subarray(seam - 5, seam + 5))).toBe(true);
  });

  test("a part that does not fit what was signed is refused", async () => {
    const upload = await begin(11 * mebibyte);
    const rest = 11 * mebibyte - (upload.partCount - 1) * upload.partSizeBytes;
    const { data } = await maja.mutate("storage.signParts", {
      key: upload.key,
      parts: [{ partNumber: upload.partCount, md5: md5(randomBytes(8)) }],
    });
    for (const sizeBytes of [rest, rest - 1]) {
      const { status } = await putBytes(data.urls[0], randomBytes(sizeBytes));
      expect([status >= 400, status < 500]).toEqual([true, true]);
    }
    const beyond = await maja.mutate("storage.signParts", {
      key: upload.key,
      parts: [{ partNumber: upload.partCount + 1 }],
    });
    expect(beyond.error?.data.appCode).toBe("INVALID_INPUT");
    await maja.mutate("storage.abortUpload", { key: upload.key });
  });

  test("an aborted upload takes no more parts", async () => {
    const upload = await begin(11 * mebibyte);
    const { key } = upload;
    const rest = 11 * mebibyte - (upload.partCount - 1) * upload.partSizeBytes;
    const last = { key, parts: [{ partNumber: upload.partCount }] };
    const { data } = await maja.mutate("storage.signParts", last);
    expect((await maja.mutate("storage.abortUpload", { key })).data).toEqual({ aborted: true });
    const { status } = await putBytes(data.urls[0], randomBytes(rest));
    expect([status >= 400, status < 500]).toEqual([true, true]);
    expect((await maja.mutate("storage.signParts", last)).error?.data.appCode).toEqual(
      expect.any(String),
    );
    const late = await finish(key, [{ partNumber: 1, etag: '"x"' }]);
    expect(late.error?.data.appCode).toEqual(expect.any(String));
    expect(await statusOf(upload.publicUrl)).toBe(404);
  });
});
