import { randomUUID } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { uploadMedia } from "./setup/media-uploads";
import { newMember, signInAdmin } from "./setup/rpc";
import { targets } from "./setup/targets";

const [target] = targets;
const sample = new URL(
  "../../packages/server/src/testing/samples/red-and-blue.heic",
  import.meta.url,
);
const { FERMATA_SCREENSHOTS } = process.env;

test.runIf(target && hasBrowser("A HEIC on a public page"))(
  "a HEIC from a phone is a picture on a public page, in copies that browsers show",
  async () => {
    if (!target) return;
    const rpc = await newMember(target, await signInAdmin(target));
    const heic = await readFile(sample);
    const photo = { filename: "IMG_0042.HEIC", contentType: "image/heic" };
    const { key } = await uploadMedia(rpc, heic, photo);
    const slug = `heic-${randomUUID().slice(0, 8)}`;
    const { data } = await rpc.mutate("instruments.create", { name: "Red and blue", slug });
    const { instrumentId } = data;
    await rpc.mutate("instruments.addMedia", { instrumentId, keys: [key] });
    await vi.waitFor(
      async () => {
        const { data: media } = await rpc.query("storage.getMetadata", { key });
        expect(media).toMatchObject({ width: 64, height: 48, processing: { state: "ready" } });
      },
      { timeout: 60_000, interval: 200 },
    );
    await rpc.mutate("instruments.publish", { instrumentId, published: true });
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
      await page.goto(new URL(`/instruments/${slug}`, target.baseUrl).href);
      const shown = page.locator("main img").first();
      await expect
        .poll(() =>
          shown.evaluate((img: HTMLImageElement) => (img.complete ? img.naturalWidth : 0)),
        )
        .toBeGreaterThan(0);
      const type = await shown.evaluate(async (img: HTMLImageElement) =>
        (await fetch(img.currentSrc)).headers.get("content-type"),
      );
      expect(type).toMatch(/^image\/(avif|webp)$/);
      if (FERMATA_SCREENSHOTS) {
        await mkdir(FERMATA_SCREENSHOTS, { recursive: true });
        await page.screenshot({ path: join(FERMATA_SCREENSHOTS, "heic-on-a-page.png") });
      }
      // What the public can read of it says no place.
      const { data: media } = await rpc.query("storage.getMetadata", { key });
      const open = Buffer.from(await (await fetch(media.publicUrl)).arrayBuffer());
      expect(open.length).toBe(heic.length);
      expect(open.equals(heic)).toBe(false);
    } finally {
      await browser.close();
    }
  },
  120_000,
);
