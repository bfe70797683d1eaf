import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { uploadMedia } from "./setup/media-uploads";
import { newMember, type Rpc, signInAdmin } from "./setup/rpc";
import { type Target, targets } from "./setup/targets";

const film = new URL("../../packages/server/src/testing/samples/bars.webm", import.meta.url);
const canBrowse = hasBrowser("A film on the page of an instrument");
const [first] = targets;

/** An instrument with a film, for everybody to see. */
async function publishFilm(rpc: Rpc): Promise<string> {
  const { key } = await uploadMedia(rpc, await readFile(film), {
    filename: "bars.webm",
    contentType: "video/webm",
    visibility: "public",
  });
  const slug = `film-${randomUUID().slice(0, 8)}`;
  const facts = { name: "Brandt upright", slug, description: "A tall upright." };
  const seller = { seller: "Marlow & Finch, Bergen", contact: "shop@example.com" };
  const { instrumentId } = (await rpc.mutate("instruments.create", { ...facts, ...seller })).data;
  await rpc.mutate("instruments.addMedia", { instrumentId, keys: [key] });
  await rpc.mutate("instruments.publish", { instrumentId, published: true });
  return slug;
}

describe.runIf(canBrowse && first)("a film on the page of an instrument", () => {
  const target = first as Target;
  let browser: Browser;
  let slug: string;
  const open = async (javaScriptEnabled: boolean) => {
    const context = await browser.newContext({ baseURL: target.baseUrl, javaScriptEnabled });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    await page.goto(`/instruments/${slug}`);
    // The page has it twice: for phones, and for wider windows.
    const clip = page.locator("video").filter({ visible: true });
    await clip.waitFor();
    const stateOf = () =>
      clip.evaluate(({ controls, played }: HTMLVideoElement) => ({
        controls,
        hasPlayed: played.length > 0,
      }));
    return { page, play: page.getByRole("button", { name: /^Play / }), stateOf };
  };

  beforeAll(async () => {
    browser = await launchBrowser();
    slug = await publishFilm(await newMember(target, await signInAdmin(target)));
  });
  afterAll(() => browser?.close());

  test("waits behind one large button, which plays it by key and leaves the browser's controls", async () => {
    const { page, play, stateOf } = await open(true);
    await play.waitFor();
    expect(await stateOf()).toEqual({ controls: false, hasPlayed: false });
    await play.press("Enter");
    await play.waitFor({ state: "hidden" });
    await expect.poll(stateOf).toEqual({ controls: true, hasPlayed: true });
    await page.context().close();
  });

  test("has the browser's controls where no script runs, and no button that does nothing", async () => {
    const { page, play, stateOf } = await open(false);
    expect((await stateOf()).controls).toBe(true);
    expect(await play.count()).toBe(0);
    await page.context().close();
  });
});
