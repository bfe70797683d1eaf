import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { type Rpc, signIn, signInAdmin } from "./setup/rpc";
import { pdf, png, wav } from "./setup/samples";
import { type Target, targets } from "./setup/targets";

const canBrowse = hasBrowser("Media and instruments in the console");
const slow = { timeout: 60_000, interval: 200 };
const mib = 1024 * 1024;

// The pages are the same ones in either hosting.
const [target] = targets;

describe.runIf(canBrowse && target)("media and instruments in the console", () => {
  const { baseUrl } = target as Target;
  const account = { email: `${randomUUID()}@example.com`, password: randomUUID() };
  const complaints: string[] = [];
  let browser: Browser;
  let dir: string;
  let page: Page;
  let rpc: Rpc;

  beforeAll(async () => {
    browser = await launchBrowser();
    dir = await mkdtemp(join(tmpdir(), "fermata-media-"));
    const admin = await signInAdmin(target as Target);
    await admin.mutate("auth.createUser", { ...account, role: "admin", name: "Maja Lindqvist" });
    rpc = await signIn(target as Target, account.email, account.password);
    const context = await browser.newContext({
      baseURL: baseUrl,
      viewport: { width: 1440, height: 900 },
    });
    context.setDefaultTimeout(15_000);
    page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill(account.email);
    await page.getByRole("textbox", { name: "Password" }).fill(account.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("navigation", { name: "Main" }).first().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    if (dir) await rm(dir, { recursive: true, force: true });
  });
  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });

  const upload = async (files: Parameters<Locator["setInputFiles"]>[0]) => {
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page
        .getByRole("main")
        .getByRole("button", { name: /^Upload$/ })
        .first()
        .click(),
    ]);
    await chooser.setFiles(files);
  };

  test("photos are uploaded, processed, and shown by their small copies", async () => {
    await page.goto("/media");
    await page.getByRole("heading", { name: "No photo or clip yet" }).waitFor();
    await upload(
      ["front", "keys", "pedals"].map((name, index) => ({
        name: `${name}.png`,
        mimeType: "image/png",
        buffer: png([60 * index, 120, 90], 700),
      })),
    );
    const states = async () => {
      const { data } = await rpc.query("storage.list");
      return data.items.map(
        ({ processing }: { processing?: { state: string } }) => processing?.state,
      );
    };
    await expect.poll(states, slow).toEqual(["ready", "ready", "ready"]);
    const { data } = await rpc.query("storage.list");
    const copies: string[] = data.items[0].variants.map(({ url }: { url: string }) => url);
    const picture = page.getByRole("figure").filter({ hasText: data.items[0].filename });
    await expect
      .poll(() => picture.locator("img").evaluate((image: HTMLImageElement) => image.currentSrc))
      .toSatisfy((source: string) => copies.includes(source));
    await page.getByRole("img", { name: /Media held: / }).waitFor();
    await page.getByText("Objects without rows").waitFor();
  });

  test("a heavy upload shows its parts, is paused, goes on and arrives whole", async () => {
    const size = 48 * mib;
    const session = await page.context().newCDPSession(page);
    const throttle = (bytesPerSecond: number) =>
      session.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: bytesPerSecond,
      });
    await session.send("Network.enable");
    await throttle(12 * mib);
    const path = join(dir, "recital.wav");
    await writeFile(path, wav(size));
    await upload(path);
    const parts = page.getByRole("progressbar", { name: "Parts of recital.wav" });
    const percent = async () => Number(await parts.getAttribute("aria-valuenow"));
    await expect.poll(percent, slow).toBeGreaterThan(5);
    const onTheirWay = page.getByRole("region", { name: "Uploads on their way" });
    await onTheirWay.getByRole("button", { name: "Pause recital.wav" }).click();
    await onTheirWay.getByText("Paused").waitFor();
    const held = await percent();
    await throttle(-1);
    await page.waitForTimeout(700);
    expect(await percent()).toBe(held);
    await onTheirWay.getByRole("button", { name: "Resume recital.wav" }).click();
    await page.getByRole("button", { name: "recital.wav", exact: true }).waitFor(slow);
    const { data } = await rpc.query("storage.list");
    expect(data.items[0]).toMatchObject({ filename: "recital.wav", sizeBytes: size });
    await session.detach();
  }, 90_000);

  test("an instrument is made, filled from the media, ordered by keys and by drag, and published", async () => {
    await page.getByRole("navigation", { name: "Main" }).getByText("Instruments").click();
    await page.getByRole("button", { name: "New instrument" }).first().click();
    await page.getByLabel("Name").fill("Brandt upright No. 71");
    await page.getByRole("button", { name: "Create it" }).click();
    await page.getByRole("heading", { name: "Brandt upright No. 71", level: 1 }).waitFor();

    await page.getByRole("button", { name: "Choose from Media" }).click();
    const picker = page.getByRole("dialog", { name: "Add photos and clips" });
    for (const name of ["front.png", "keys.png", "pedals.png"])
      await picker.getByRole("button", { name }).click();
    await picker.getByRole("button", { name: "Add 3 items" }).click();
    await picker.waitFor({ state: "detached" });
    const order = async () => {
      const { data } = await rpc.query("instruments.list");
      const { instrumentId } = data.items[0];
      const one = (await rpc.query("instruments.get", { instrumentId })).data;
      return one.media.map(({ media }: { media: { filename: string } }) => media.filename);
    };
    await expect.poll(order).toEqual(["front.png", "keys.png", "pedals.png"]);

    await page.getByRole("button", { name: "Move pedals.png towards the start" }).click();
    await expect.poll(order).toEqual(["front.png", "pedals.png", "keys.png"]);
    await page.getByRole("button", { name: "Move front.png towards the end" }).focus();
    await page.keyboard.press("Alt+ArrowRight");
    await expect.poll(order).toEqual(["pedals.png", "front.png", "keys.png"]);
    const items = page.getByTestId("instrument-item");
    await items.nth(2).getByRole("figure").dragTo(items.nth(0));
    await expect.poll(order).toEqual(["keys.png", "pedals.png", "front.png"]);

    await items.nth(1).getByPlaceholder("What is to be seen").fill("The pedals, polished");
    await page.keyboard.press("Tab");
    await items
      .nth(1)
      .getByRole("button", { name: /Make .* the cover/ })
      .click();
    await page.getByRole("button", { name: "The pedals, polished is the cover" }).waitFor();

    await page.getByLabel("Maker").fill("Brandt, Hamburg");
    await page.getByRole("button", { name: "Add a note" }).click();
    await page.getByLabel("When, note 1").fill("May 2025");
    await page.getByLabel("What was done, note 1").fill("Restored in walnut.");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved", { exact: true }).waitFor();
    const report = { name: "Condition report.pdf", mimeType: "application/pdf", buffer: pdf() };
    await page.getByTestId("document-input").setInputFiles(report);
    await page.getByRole("link", { name: "Condition report" }).waitFor();

    const visitor = await browser.newContext({ baseURL: baseUrl });
    const theirs = await visitor.newPage();
    const path = "/instruments/brandt-upright-no-71";
    expect((await theirs.goto(path))?.status()).toBe(404);
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("Published").first().waitFor();
    expect((await theirs.goto(path))?.status()).toBe(200);
    await theirs.getByRole("heading", { name: "Brandt upright No. 71", level: 1 }).waitFor();
    await theirs.getByText("Restored in walnut.").waitFor();
    const cover = theirs.getByRole("img").first();
    expect(await cover.getAttribute("alt")).toBe("The pedals, polished");
    await visitor.close();
  }, 60_000);

  test("media are grouped by instrument, and say on which they are shown", async () => {
    await page.goto("/media");
    await page.getByRole("button", { name: "By date" }).click();
    await page.getByRole("menuitemradio", { name: "Instrument" }).click();
    await page
      .getByRole("region", { name: "Brandt upright No. 71" })
      .getByText("3 photos")
      .waitFor();
    await page.getByRole("button", { name: "keys.png", exact: true }).click();
    const drawer = page.getByRole("complementary", { name: "Details of keys.png" });
    await drawer.getByRole("link", { name: "Brandt upright No. 71" }).waitFor();
  });
});
