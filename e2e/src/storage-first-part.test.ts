import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser } from "./setup/browser";
import { type BrowserUploads, startBrowserUploads } from "./setup/browser-uploads";
import { sha256 } from "./setup/samples";
import { targets } from "./setup/targets";

const mebibyte = 1024 * 1024;
const startsServers = targets.some(({ name }) => name === "self-hosted");
const canRun = startsServers && hasBrowser("The first part of an upload in a browser");

describe.runIf(canRun)("the first part of a clip, from a page that was prepared", () => {
  let lab: BrowserUploads;
  beforeAll(async () => {
    lab = await startBrowserUploads();
  });
  afterAll(() => lab?.close());

  /** @returns what was sent for parts, in order, once the file is there and whole */
  async function upload(context: BrowserContext, { prepares = true } = {}): Promise<string[]> {
    const [path, bytes] = [join(lab.dir, "clip.bin"), randomBytes(13 * mebibyte + 5)];
    await writeFile(path, bytes);
    const page = await context.newPage();
    const sent: string[] = [];
    page.on("requestfinished", (request) => {
      const url = new URL(request.url());
      const part =
        url.searchParams.get("partNumber") ?? (url.searchParams.has("opening") && "first");
      if (part && request.method() !== "OPTIONS") sent.push(`${request.method()} ${part}`);
    });
    await page.goto(lab.siteOrigin);
    const to = { baseUrl: lab.baseUrl, token: lab.maja.token ?? "", prepares };
    await page.evaluate((to) => window.uploadTo(to), to);
    await page.setInputFiles("input", path);
    const media = await done(page);
    const { data: url } = await lab.maja.query("storage.getUrl", { key: media?.key });
    expect(sha256(Buffer.from(await (await fetch(url)).arrayBuffer()))).toBe(sha256(bytes));
    return sent.sort();
  }

  async function done(page: Page) {
    await page.waitForFunction(() => window.uploadReport.media ?? window.uploadReport.error);
    const { media, error } = await page.evaluate(() => window.uploadReport);
    expect(error).toBeNull();
    return media;
  }

  const rest = ["PUT 2", "PUT 3", "PUT 4"];

  test("leaves while the upload is opened, and is sent once", async () => {
    const context = await lab.browser.newContext();
    expect(await upload(context)).toEqual(["POST first", ...rest]);
    // Nobody said that it may.
    const unprepared = await upload(context, { prepares: false });
    expect([unprepared[0], unprepared.includes("POST first")]).toEqual(["PUT 1", false]);
    await context.close();
  });

  test("goes by its URL where it does not get through", async () => {
    for (const refuse of ["abort", "413", "nothing opened"]) {
      const context = await lab.browser.newContext();
      await context.route(/media\/part/, async (route) => {
        if (refuse === "abort") return route.abort("connectionreset");
        if (refuse === "nothing opened")
          return route.continue({ url: `${route.request().url()}-of-another` });
        return route.fulfill({ status: 413, headers: { "access-control-allow-origin": "*" } });
      });
      const sent = await upload(context);
      expect(sent.filter((one) => one !== "POST first" && !one.startsWith("HEAD"))).toEqual([
        "PUT 1",
        ...rest,
      ]);
      await context.close();
    }
  });
});
