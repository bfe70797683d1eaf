import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { uploadMedia } from "./setup/media-uploads";
import { newMember, type Rpc, signInAdmin } from "./setup/rpc";
import { wav } from "./setup/samples";
import { type Target, targets } from "./setup/targets";

const film = new URL("../../packages/server/src/testing/samples/bars.webm", import.meta.url);
const canBrowse = hasBrowser("Clips on the page of an instrument");
const [first] = targets;

/** An instrument with a film and a recording, for everybody to see. */
async function publishClips(rpc: Rpc): Promise<string> {
  const send = async (bytes: Buffer, filename: string, contentType: string) => {
    const { key } = await uploadMedia(rpc, bytes, { filename, contentType, visibility: "public" });
    return key;
  };
  const keys = [
    await send(await readFile(film), "bars.webm", "video/webm"),
    await send(tone(), "tone.wav", "audio/wav"),
  ];
  const isDrawn = async () => {
    const { data } = await rpc.query("storage.getMetadata", { key: keys[1] });
    return Boolean(data.waveform);
  };
  await vi.waitUntil(isDrawn, { timeout: 60_000, interval: 200 });
  const slug = `clips-${randomUUID().slice(0, 8)}`;
  const facts = { name: "Brandt upright", slug, description: "A tall upright." };
  const seller = { seller: "Marlow & Finch, Bergen", contact: "shop@example.com" };
  const { instrumentId } = (await rpc.mutate("instruments.create", { ...facts, ...seller })).data;
  await rpc.mutate("instruments.addMedia", { instrumentId, keys });
  await rpc.mutate("instruments.publish", { instrumentId, published: true });
  return slug;
}

/** Two seconds that are heard. */
function tone(): Buffer {
  const bytes = wav(176_444);
  for (let at = 44; at < bytes.length; at += 2)
    bytes.writeInt16LE(Math.round(8000 * Math.sin(at / 20)), at);
  return bytes;
}

describe.runIf(canBrowse && first)("clips on the page of an instrument", () => {
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
    const sound = page.locator("[data-sound]").filter({ visible: true });
    return { page, sound, play: page.getByRole("button", { name: /^Play / }), stateOf };
  };

  beforeAll(async () => {
    browser = await launchBrowser();
    slug = await publishClips(await newMember(target, await signInAdmin(target)));
  });
  afterAll(() => browser?.close());

  test("a film waits behind one large button, which plays it by key and leaves the browser's controls", async () => {
    const { page, play, stateOf } = await open(true);
    await play.waitFor();
    expect(await stateOf()).toEqual({ controls: false, hasPlayed: false });
    await play.press("Enter");
    await play.waitFor({ state: "hidden" });
    await expect.poll(stateOf).toEqual({ controls: true, hasPlayed: true });
    await page.context().close();
  });

  test("a film has the browser's controls where no script runs, and no button that does nothing", async () => {
    const { page, play, stateOf } = await open(false);
    expect((await stateOf()).controls).toBe(true);
    expect(await play.count()).toBe(0);
    await page.context().close();
  });

  test("a recording is drawn, and goes on where its drawing is pressed", async () => {
    const { page, sound } = await open(true);
    const position = sound.getByRole("slider", { name: /^Position in / });
    await position.waitFor();
    const played = sound.locator("path").first();
    expect(await played.getAttribute("d")).toBeFalsy();
    await position.press("End");
    await expect.poll(() => played.getAttribute("d")).toBeTruthy();
    expect(await position.getAttribute("aria-valuetext")).toBe("0:02 of 0:02");
    expect(
      await sound.locator("audio").evaluate((it: HTMLAudioElement) => it.currentTime),
    ).toBeCloseTo(2, 1);
    await page.context().close();
  });

  test("a recording has the browser's player alone where no script runs", async () => {
    const { page, sound } = await open(false);
    expect(await sound.locator("audio").getAttribute("controls")).not.toBeNull();
    expect(await sound.getByRole("slider", { name: /^Position in / }).count()).toBe(0);
    await page.context().close();
  });
});
