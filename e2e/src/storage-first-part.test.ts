import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { makeDataDir } from "./setup/data-dir";
import { newMember, type Rpc, signInAdmin } from "./setup/rpc";
import { sha256 } from "./setup/samples";
import { type RunningServer, startSelfHosted } from "./setup/start-server";
import { targets } from "./setup/targets";
import { serveUploadPage } from "./setup/upload-page";

const mebibyte = 1024 * 1024;
const startsServers = targets.some(({ name }) => name === "self-hosted");
const canRun = startsServers && hasBrowser("The first part of an upload in a browser");

describe.runIf(canRun)("the first part of a clip, from a page that was prepared", () => {
  let dir: string;
  let browser: Browser;
  let server: RunningServer;
  let maja: Rpc;
  let site: Awaited<ReturnType<typeof serveUploadPage>>;
  beforeAll(async () => {
    dir = await makeDataDir();
    [browser, site] = await Promise.all([launchBrowser(), serveUploadPage()]);
    server = await startSelfHosted(join(dir, "data"), undefined, {
      FERMATA_ALLOWED_ORIGINS: site.origin,
    });
    maja = await newMember(server.target, await signInAdmin(server.target));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await site?.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** @returns what was sent for parts, in order, once the file is there and whole */
  async function upload(context: BrowserContext, { prepares = true } = {}): Promise<string[]> {
    const [path, bytes] = [join(dir, "clip.bin"), randomBytes(13 * mebibyte + 5)];
    await writeFile(path, bytes);
    const page = await context.newPage();
    const sent: string[] = [];
    page.on("requestfinished", (request) => {
      const url = new URL(request.url());
      const part =
        url.searchParams.get("partNumber") ?? (url.searchParams.has("opening") && "first");
      if (part && request.method() !== "OPTIONS") sent.push(`${request.method()} ${part}`);
    });
    await page.goto(site.origin);
    const to = { baseUrl: server.target.baseUrl, token: maja.token ?? "", prepares };
    await page.evaluate((to) => window.uploadTo(to), to);
    await page.setInputFiles("input", path);
    const media = await done(page);
    const { data: url } = await maja.query("storage.getUrl", { key: media?.key });
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
    const context = await browser.newContext();
    expect(await upload(context)).toEqual(["POST first", ...rest]);
    // Nobody said that it may.
    const unprepared = await upload(context, { prepares: false });
    expect([unprepared[0], unprepared.includes("POST first")]).toEqual(["PUT 1", false]);
    await context.close();
  });

  test("goes by its URL where it does not get through", async () => {
    for (const refuse of ["abort", "413", "nothing opened"]) {
      const context = await browser.newContext();
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
