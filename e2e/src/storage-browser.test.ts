import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser } from "./setup/browser";
import { type BrowserUploads, startBrowserUploads } from "./setup/browser-uploads";
import { targets } from "./setup/targets";
import type { UploadReport } from "./setup/upload-page-script";

const mebibyte = 1024 * 1024;
const inFlight = 6;
/** FERMATA_UPLOAD_MIB=2048 is the file that the guarantee is about; every run takes a smaller one. */
const sizeMebibytes = Number(process.env.FERMATA_UPLOAD_MIB ?? 256);
const sizeBytes = sizeMebibytes * mebibyte + 4321;
/** A sixty-fourth of the file, and 8 MiB at most. */
const partBytes = Math.min(8, Math.ceil(sizeBytes / 64 / mebibyte)) * mebibyte;
const { FERMATA_SCREENSHOTS } = process.env;

const startsServers = targets.some(({ name }) => name === "self-hosted");
const canRun = startsServers && hasBrowser("A large upload in a browser");

describe.runIf(canRun)("a large upload in a browser", () => {
  let lab: BrowserUploads;
  let path: string;
  beforeAll(async () => {
    lab = await startBrowserUploads();
    path = join(lab.dir, "recital.bin");
    await writeSparse(path);
  });
  afterAll(() => lab?.close());

  const begin = async (page: Page) => {
    const { baseUrl } = lab;
    await page.goto(lab.siteOrigin);
    await page.evaluate((to) => window.uploadTo(to), { baseUrl, token: lab.maja.token ?? "" });
    await page.setInputFiles("input", path);
  };
  const picture = async (page: Page, name: string) => {
    if (!FERMATA_SCREENSHOTS) return;
    await mkdir(FERMATA_SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: join(FERMATA_SCREENSHOTS, `${name}.png`) });
  };

  test(
    "goes on over two cuts of the network and a reload in its midst, and is whole",
    async () => {
      const context = await lab.browser.newContext({ viewport: { width: 720, height: 320 } });
      const page = await context.newPage();
      let arrived = 0;
      page.on("requestfinished", async (request) => {
        const isPart = request.method() === "PUT" && request.url().includes("partNumber=");
        if (isPart && (await request.response())?.ok()) arrived++;
      });
      const cut = async () => {
        await context.setOffline(true);
        await new Promise((resolve) => setTimeout(resolve, 1500));
        await context.setOffline(false);
      };

      await begin(page);
      await until(page, ({ loadedBytes }) => loadedBytes > 0.2 * sizeBytes);
      await cut();
      const before = await until(page, ({ loadedBytes }) => loadedBytes > 0.5 * sizeBytes);
      await page.reload();
      arrived = 0;
      await begin(page);
      const resumed = await until(page, ({ phase }) => phase === "sending");
      expect(resumed.resumedBytes).toBeGreaterThan(before.loadedBytes - (inFlight + 1) * partBytes);
      await picture(page, "upload-resumed");
      await until(page, ({ loadedBytes }) => loadedBytes > 0.8 * sizeBytes);
      await cut();
      const { media } = await until(page, ({ phase }) => phase === "done", 10);
      await picture(page, "upload-done");

      // Of what came after the reload, at most the parts in flight had been sent before.
      const missing = Math.ceil((sizeBytes - resumed.resumedBytes) / partBytes);
      expect(arrived).toBeLessThanOrEqual(missing + inFlight);
      expect(media).toMatchObject({ status: "ready", sizeBytes, filename: "recital.bin" });
      const { data: url } = await lab.maja.query("storage.getUrl", { key: media?.key });
      const stored = (await fetch(url)).body;
      expect(stored && (await sha256Of(stored))).toBe(await sha256Of(createReadStream(path)));
      await context.close();
    },
    60_000 + sizeMebibytes * 300,
  );

  test(
    "in two tabs at once is sent by one, and both have the same media",
    async () => {
      const context = await lab.browser.newContext();
      const pages = await Promise.all([context.newPage(), context.newPage()]);
      let arrived = 0;
      for (const page of pages) {
        page.on("requestfinished", (request) => {
          if (request.method() === "PUT") arrived++;
        });
      }
      for (const page of pages) await begin(page);
      const [one, two] = await Promise.all(
        pages.map((page) => until(page, ({ phase }) => phase === "done", 50)),
      );
      expect(one?.media?.key).toBe(two?.media?.key);
      expect(arrived).toBeLessThanOrEqual(Math.ceil(sizeBytes / partBytes) + 1);
      await context.close();
    },
    120_000 + sizeMebibytes * 300,
  );
});

/** Mostly holes, with every MiB another: parts that change places are found out. */
async function writeSparse(path: string): Promise<void> {
  const file = await open(path, "w");
  await file.truncate(sizeBytes);
  for (let index = 0; index <= sizeMebibytes; index++) {
    await file.write(Buffer.from(`this is mebibyte ${index}`), 0, null, index * mebibyte);
  }
  await file.close();
}

async function sha256Of(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}

/** Waits until the page's report is as wanted. @throws Error with what the page says, when the upload failed */
async function until(
  page: Page,
  isSo: (report: UploadReport) => boolean,
  everyMs = 20,
): Promise<UploadReport> {
  for (;;) {
    const report = await page.evaluate(() => window.uploadReport);
    if (report.error) throw new Error(report.error);
    if (isSo(report)) return report;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
