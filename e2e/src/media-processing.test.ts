import { describe, test } from "vitest";
import { uploadMedia } from "./setup/media-uploads";
import { newMember, type Rpc, signInAdmin } from "./setup/rpc";
import { jpeg, pdf, png, wav } from "./setup/samples";
import { targets } from "./setup/targets";

/** Events gather for two seconds, and a machine may be busy. */
const processed = { timeout: 60_000, interval: 300 };

/** Much of it is waiting for a job's next minute: both targets wait at once. */
describe.concurrent.each(targets)("processing of media on $name", (target) => {
  const member = async () => newMember(target, await signInAdmin(target));
  const stateOf = async (rpc: Rpc, key: string) =>
    (await rpc.query("storage.getMetadata", { key })).data.processing?.state;

  test("a photo gets its size, a placeholder and smaller copies that anybody can read", async ({
    expect,
  }) => {
    const rpc = await member();
    const { key } = await uploadMedia(rpc, png([120, 90, 40], 800), {
      filename: "soundboard.png",
      contentType: "image/png",
    });
    await expect.poll(() => stateOf(rpc, key), processed).toBe("ready");
    const { data } = await rpc.query("storage.getMetadata", { key });
    expect(data).toMatchObject({ width: 800, height: 800, thumbHash: expect.any(String) });
    const sizes = data.variants.map((copy: Record<string, unknown>) => [
      copy.contentType,
      copy.width,
    ]);
    expect(sizes).toEqual(
      ["image/avif", "image/webp"].flatMap((type) => [320, 640, 800].map((width) => [type, width])),
    );
    for (const { url, contentType } of data.variants) {
      const copy = await fetch(url);
      expect([copy.status, copy.headers.get("content-type")]).toEqual([200, contentType]);
    }
  });

  test("copies of a private photo are private, and go with it", async ({ expect }) => {
    const rpc = await member();
    const { key } = await uploadMedia(rpc, png([1, 2, 3], 400), {
      filename: "private.png",
      contentType: "image/png",
      visibility: "private",
    });
    await expect.poll(() => stateOf(rpc, key), processed).toBe("ready");
    const { data } = await rpc.query("storage.getMetadata", { key });
    const [{ url }] = data.variants;
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url.split("?")[0])).status).not.toBe(200);
    await rpc.mutate("storage.delete", { key });
    // A job empties the outbox every minute.
    await expect.poll(async () => (await fetch(url)).status, { timeout: 75_000 }).toBe(404);
  }, 90_000);

  test("sound tells its length, and what is neither seen nor heard is left alone", async ({
    expect,
  }) => {
    const rpc = await member();
    const { key } = await uploadMedia(rpc, wav(88_200 * 3 + 44), { contentType: "audio/wav" });
    await expect.poll(() => stateOf(rpc, key), processed).toBe("ready");
    const { data } = await rpc.query("storage.getMetadata", { key });
    expect(data.durationSeconds).toBeCloseTo(3, 1);
    const paper = await uploadMedia(rpc, pdf(), { contentType: "application/pdf" });
    expect(paper.processing).toBeUndefined();
  });

  test("a picture that cannot be decoded stays usable, says why, and can be tried again", async ({
    expect,
  }) => {
    const rpc = await member();
    // Begins as a JPEG does, and ends in the middle.
    const { key, publicUrl } = await uploadMedia(rpc, jpeg().subarray(0, 60), {
      filename: "torn.jpg",
      contentType: "image/jpeg",
    });
    await expect.poll(() => stateOf(rpc, key), processed).toBe("failed");
    const { data } = await rpc.query("storage.getMetadata", { key });
    expect(data).toMatchObject({ status: "ready", processing: { reason: expect.any(String) } });
    expect((await fetch(publicUrl ?? "")).status).toBe(200);
    const again = await rpc.mutate("storage.reprocess", { key });
    expect(again.data.processing).toEqual({ state: "processing" });
    await expect.poll(() => stateOf(rpc, key), processed).toBe("failed");
  });
});
