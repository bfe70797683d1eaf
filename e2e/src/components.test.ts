import { randomUUID } from "node:crypto";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { enter, openPage, throttleUploads } from "./setup/console-page";
import { uploadMedia } from "./setup/media-uploads";
import { type Rpc, signIn, signInAdmin } from "./setup/rpc";
import { png, wav } from "./setup/samples";
import { type Target, targets } from "./setup/targets";

const canBrowse = hasBrowser("The components of @fermata/api/react");

// The pages are the same ones in either hosting.
const [target] = targets;
const patient = { timeout: 30_000, interval: 100 };

describe.runIf(canBrowse && target)("the components, on the page that shows them", () => {
  const account = { email: `${randomUUID()}@example.com`, password: randomUUID() };
  const complaints: string[] = [];
  let browser: Browser;
  let page: Page;
  let rpc: Rpc;

  beforeAll(async () => {
    browser = await launchBrowser();
    const admin = await signInAdmin(target as Target);
    await admin.mutate("auth.createUser", { ...account, role: "member", name: "Maja Lindqvist" });
    rpc = await signIn(target as Target, account.email, account.password);
    page = await openPage(browser, target as Target, complaints);
    await enter(page, account);
    await page.goto("/components");
    await page.getByRole("heading", { name: "Components", level: 1 }).waitFor();
  }, 60_000);
  afterAll(() => browser?.close());
  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });

  const shown = (name: string) => page.getByTestId(name);
  const picture = (name: string) => ({ name, mimeType: "image/png", buffer: Buffer.from(png()) });
  const recording = () => ({ name: "recital.wav", mimeType: "audio/wav", buffer: wav(600_000) });

  test("a button takes a file by the keyboard, and what came is shown in its copies", async () => {
    const field = shown("UploadButton").getByLabel("Add a picture");
    await field.focus();
    const choosing = page.waitForEvent("filechooser");
    await page.keyboard.press("Enter");
    await (await choosing).setFiles([picture("fallboard.png")]);
    const image = shown("FileImage").getByRole("img");
    await image.and(page.locator('[data-state="shown"]')).waitFor({ timeout: 30_000 });
    expect(await image.getAttribute("alt")).toBe("The picture that came last");
    const said = shown("UploadButton").getByRole("status");
    await expect.poll(() => said.textContent(), patient).toContain("fallboard.png is uploaded.");
  });

  test("a button says what it does not take, and sends nothing of it", async () => {
    const field = shown("UploadButton").getByLabel("Add a picture");
    await field.setInputFiles([{ ...picture("notes.txt"), mimeType: "text/plain" }]);
    const said = shown("UploadButton").locator('[data-part="problem"]');
    await said.waitFor();
    expect(await said.textContent()).toBe("Files of this type are not taken here.");
  });

  test("an upload is paused, cancelled and begun again by keys, and the focus stays where it was", async () => {
    const unthrottle = await throttleUploads(page, 100_000);
    const zone = shown("UploadDropzone");
    await zone.getByLabel("Photos and clips").setInputFiles([recording()]);
    const line = shown("UploadQueue").getByRole("listitem");
    await line.getByRole("button", { name: "Pause recital.wav" }).focus();
    await page.keyboard.press("Enter");
    await line.getByText(/^Paused/).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    expect(await focused()).toBe("Resume recital.wav");
    await line.getByRole("button", { name: "Cancel recital.wav" }).focus();
    await page.keyboard.press("Enter");
    await line.getByText("Cancelled").waitFor();
    expect(await focused()).toBe("Try recital.wav again");
    await unthrottle();
    await page.keyboard.press("Enter");
    await line.getByText(/^Uploaded/).waitFor({ timeout: 30_000 });
    // The button that had the focus is gone; the keyboard goes on from the list.
    const focusedPart = () =>
      page.evaluate(() => document.activeElement?.getAttribute("data-part") ?? "nothing");
    await expect.poll(focusedPart, patient).toBe("list");
    await page.getByRole("button", { name: "Clear", exact: true }).first().click();
  });

  test("a picture takes its place before it comes: nothing moves", async () => {
    await uploadMedia(rpc, png(), { filename: "soundboard.png", contentType: "image/png" });
    await page.addInitScript(() => {
      Object.assign(window, { moved: 0 });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & {
          value: number;
          sources: { node?: Node | null }[];
        })[]) {
          const within = (node?: Node | null) =>
            node?.parentElement?.closest('[data-testid="MediaImage"]') ?? null;
          if (entry.sources.some(({ node }) => within(node))) {
            Object.assign(window, { moved: (window as never as { moved: number }).moved + 1 });
          }
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const isPicture = (url: URL) => /\.(webp|avif|png)|media|objects/.test(url.pathname);
    await page.route(
      (url) => isPicture(url) && !url.pathname.includes("/trpc/"),
      async (route) => {
        if (route.request().resourceType() === "image") await held;
        await route.continue().catch(() => {});
      },
    );
    await page.goto("/components");
    const image = shown("MediaImage").getByRole("img");
    await image.waitFor({ timeout: 30_000 });
    const before = await image.boundingBox();
    expect(await image.getAttribute("data-state")).toBe("loading");
    release();
    await image.and(page.locator('[data-state="shown"]')).waitFor({ timeout: 30_000 });
    expect(await image.boundingBox()).toEqual(before);
    expect(await page.evaluate(() => (window as never as { moved: number }).moved)).toBe(0);
    await page.unroute(() => true).catch(() => {});
  });

  test("one who takes part is shown by the first letters while the camera is off", async () => {
    const one = shown("PeerVideo").locator('[data-fermata="peer-video"]');
    expect(await one.getAttribute("data-camera")).toBe("off");
    expect(await one.locator('[data-part="fallback"]').textContent()).toBe("ML");
  });

  test.each(["light", "dark"] as const)(
    "axe finds nothing amiss, %s, in either direction",
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(axe.source);
      for (const direction of ["ltr", "rtl"]) {
        await page.getByRole("switch", { name: "Right to left" }).setChecked(direction === "rtl");
        const zone = shown("UploadDropzone");
        await zone
          .locator("input")
          .setInputFiles([{ ...picture("notes.txt"), mimeType: "text/plain" }]);
        await zone.locator('[data-part="rejected"]').waitFor();
        const found = await page.evaluate(async () => {
          const { violations } = await (window as never as { axe: typeof axe }).axe.run(
            "main, [data-fermata]",
          );
          return violations.map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
          );
        });
        expect(found).toEqual([]);
      }
      await page.getByRole("switch", { name: "Right to left" }).setChecked(false);
    },
  );

  test("written from right to left, marks stand at the right and acts at the left", async () => {
    await page.getByRole("switch", { name: "Right to left" }).setChecked(true);
    const zone = shown("UploadDropzone");
    const unthrottle = await throttleUploads(page, 100_000);
    await zone.locator("input").setInputFiles([recording()]);
    const line = zone.getByRole("listitem");
    const name = await line.locator('[data-part="name"]').boundingBox();
    const acts = await line.locator('[data-part="acts"]').boundingBox();
    const mark = await line.locator('[data-part="mark"]').boundingBox();
    expect(acts?.x).toBeLessThan(name?.x ?? 0);
    expect(mark?.x).toBeGreaterThan(name?.x ?? 0);
    await line.getByRole("button", { name: /إلغاء/ }).click();
    await unthrottle();
  });
});
