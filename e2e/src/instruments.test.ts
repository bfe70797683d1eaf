import { randomUUID } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { uploadFile } from "./setup/file-uploads";
import { uploadMedia } from "./setup/media-uploads";
import { newMember, type Rpc, rpcFor, signInAdmin } from "./setup/rpc";
import { pdf, png } from "./setup/samples";
import { type Target, targets } from "./setup/targets";

const canBrowse = hasBrowser("The pages of instruments in a browser");
const photoCount = 8;
const slow = { timeout: 60_000, interval: 200 };

interface Shown {
  rpc: Rpc;
  instrumentId: string;
  slug: string;
}

/** An instrument with eight photos and a condition report, which nobody but its owner sees yet. */
async function newInstrument(target: Target): Promise<Shown> {
  const rpc = await newMember(target, await signInAdmin(target));
  const { data } = await rpc.mutate("instruments.create", {
    name: "Osterlind 204",
    slug: `osterlind-${randomUUID().slice(0, 8)}`,
    description: "A long, dark bass and a treble that speaks without hurry.",
    maker: "Osterlind, Gothenburg",
    year: "1968, rebuilt 2024",
    price: "Price on request",
    seller: "Marlow & Finch, Bergen",
    contact: "shop@example.com",
    viewingUrl: "https://mirror.example.com/osterlind",
    workshopNotes: [{ when: "Nov 2023", text: "Taken down to the rim." }],
  });
  const { instrumentId, slug } = data;
  const keys: string[] = [];
  for (let index = 0; index < photoCount; index++) {
    const bytes = png([20 * index, 200 - 20 * index, 90], 400);
    const photo = { filename: `photo-${index}.png`, contentType: "image/png" };
    keys.push((await uploadMedia(rpc, bytes, photo)).key);
  }
  await rpc.mutate("instruments.addMedia", { instrumentId, keys });
  const storageId = await uploadFile(rpc, pdf(), "application/pdf");
  await rpc.mutate("instruments.attachFile", {
    instrumentId,
    storageId,
    title: "Condition report",
  });
  await vi.waitFor(async () => {
    const { data: now } = await rpc.query("instruments.get", { instrumentId });
    const states = now.media.map(
      ({ media }: { media: { processing?: { state: string } } }) => media.processing?.state,
    );
    expect(states).toEqual(keys.map(() => "ready"));
  }, slow);
  return { rpc, instrumentId, slug };
}

describe.each(targets)("the page of an instrument on $name", (target) => {
  let shown: Shown;
  const pageOf = async () => {
    const response = await fetch(new URL(`/instruments/${shown.slug}`, target.baseUrl));
    return { status: response.status, html: await response.text() };
  };

  beforeAll(async () => {
    shown = await newInstrument(target);
  }, 90_000);

  test("is there for everybody once it is published, and for nobody before and after", async () => {
    const { rpc, instrumentId, slug } = shown;
    const visitor = rpcFor(target.baseUrl);
    expect((await pageOf()).status).toBe(404);
    expect((await visitor.query("instruments.getPublic", { slug })).data).toBeNull();
    await rpc.mutate("instruments.publish", { instrumentId, published: true });
    expect((await pageOf()).status).toBe(200);
    await rpc.mutate("instruments.publish", { instrumentId, published: false });
    expect((await pageOf()).status).toBe(404);
    await rpc.mutate("instruments.publish", { instrumentId, published: true });
  });

  test("comes whole in its HTML: words, photos, placeholders, documents and what previews need", async () => {
    const { html } = await pageOf();
    for (const text of [
      "Osterlind 204",
      "A long, dark bass and a treble that speaks without hurry.",
      "1968, rebuilt 2024",
      "Marlow &amp; Finch",
      "Taken down to the rim.",
      "Condition report",
      "mailto:shop@example.com",
      "https://mirror.example.com/osterlind",
    ])
      expect(html).toContain(text);
    expect(html).toMatch(/<meta property="og:title" content="Osterlind 204"/);
    expect(html).toMatch(/<meta property="og:image" content="http[^"]+"/);
    expect(html).toMatch(/<meta name="robots" content="index, follow"/);
    expect(html).toContain("data:image/png;base64,");
    expect(html).toMatch(/<source type="image\/avif" srcSet="[^"]+ 320w, [^"]+ 400w"/i);
    const [, report = ""] = /href="([^"]+)"[^>]*download/.exec(html) ?? [];
    const read = await fetch(report.replaceAll("&amp;", "&"));
    expect([read.status, (await read.text()).slice(0, 5)]).toEqual([200, "%PDF-"]);
  });

  test("an address that no instrument has is not found", async () => {
    for (const slug of ["no-such-instrument", "..%2f..", "Capital"]) {
      const response = await fetch(new URL(`/instruments/${slug}`, target.baseUrl));
      expect(response.status).toBe(404);
    }
  });
});

const [first] = targets;
describe.runIf(canBrowse && first)("an instrument in a browser", () => {
  const target = first as Target;
  let browser: Browser;
  let shown: Shown;
  const complaints: string[] = [];

  const open = async (options: { javaScriptEnabled?: boolean; width?: number } = {}) => {
    const { width = 1440, ...rest } = options;
    const context = await browser.newContext({
      baseURL: target.baseUrl,
      viewport: { width, height: 900 },
      ...rest,
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`/instruments/${shown.slug}`);
    return page;
  };
  const widthOf = (page: Page, alt: string) =>
    page
      .getByRole("img", { name: alt })
      .first()
      .evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0));

  beforeAll(async () => {
    browser = await launchBrowser();
    shown = await newInstrument(target);
    const { rpc, instrumentId } = shown;
    await rpc.mutate("instruments.publish", { instrumentId, published: true });
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    expect(complaints).toEqual([]);
  });

  test("stamps lead to their photos, and the viewer is moved and left by keys", async () => {
    const page = await open();
    await expect.poll(() => widthOf(page, "Osterlind 204, photograph 1")).toBeGreaterThan(0);
    await page.getByText("1 of 8").waitFor();
    await page.getByRole("link", { name: "Photograph 3" }).click();
    await page.getByText("3 of 8").waitFor();

    await page.getByRole("button", { name: "View the photographs full screen" }).click();
    const viewer = page.getByRole("dialog", { name: "Photographs of Osterlind 204" });
    await viewer.getByText("3 of 8").waitFor();
    await page.keyboard.press("ArrowRight");
    await viewer.getByText("4 of 8").waitFor();
    await page.keyboard.press("End");
    await viewer.getByText("8 of 8").waitFor();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    await viewer.getByText("1 of 8").waitFor();
    await viewer.getByRole("button", { name: "Next photograph" }).click();
    await page.keyboard.press("Escape");
    await viewer.waitFor({ state: "hidden" });
    await page.getByText("2 of 8").waitFor();

    await page.getByRole("link", { name: "3 more" }).click();
    await viewer.getByText("6 of 8").waitFor();
    await page.context().close();
  });

  test("without JavaScript every photo is reached, and everything is read", async () => {
    const page = await open({ javaScriptEnabled: false });
    await page.getByRole("heading", { name: "Osterlind 204", level: 1 }).waitFor();
    await page.getByText("Taken down to the rim.").waitFor();
    await page.getByRole("link", { name: "3 more" }).click();
    const sixth = page.getByRole("img", { name: "Osterlind 204, photograph 6" });
    await expect
      .poll(async () => (await sixth.boundingBox())?.x ?? Number.POSITIVE_INFINITY)
      .toBeLessThan(200);
    expect(await page.getByRole("button").count()).toBe(0);
    await page.context().close();
  });

  test("fits a narrow phone without sideways scrolling", async () => {
    const page = await open({ width: 320 });
    await page.getByRole("heading", { level: 1 }).waitFor();
    const overhang = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    expect(overhang).toBeLessThanOrEqual(0);
    await page.context().close();
  });
});
