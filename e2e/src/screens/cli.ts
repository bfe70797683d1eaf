// `npm run screens [-- --out DIR] [--url http://…]`: every page in each theme and width, with a look at what is amiss in it.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { hasBrowser, launchBrowser } from "../setup/browser";
import { enter } from "../setup/console-page";
import { makeDataDir } from "../setup/data-dir";
import { troublesOf } from "../setup/page-troubles";
import { signInAdmin } from "../setup/rpc";
import { startSelfHosted } from "../setup/start-server";
import { openEverything, type View, views } from "./pages";

const { values } = parseArgs({ options: { out: { type: "string" }, only: { type: "string" } } });
const themes = ["light", "dark"] as const;
const widths = [375, 768, 1280, 1920];
const heights: Record<number, number> = { 375: 812, 768: 1024, 1280: 800, 1920: 1080 };

if (!hasBrowser("Screens")) process.exit(1);
const out = values.out ?? (await mkdtemp(join(tmpdir(), "fermata-screens-")));
await mkdir(out, { recursive: true });
const dataDir = await makeDataDir();
const server = await startSelfHosted(
  join(dataDir, "data"),
  undefined,
  {},
  [],
  ["--demo", "--docs"],
);
const browser = await launchBrowser();
let troubles = 0;
let kept: ReturnType<BrowserContext["storageState"]> | undefined;
try {
  const rpc = await signInAdmin(server.target);
  const facts = await openEverything(rpc);
  for (const view of views.filter(({ name }) => !values.only || name === values.only)) {
    for (const theme of themes) {
      for (const width of widths) await take(browser, view, { theme, width, facts });
    }
  }
} finally {
  await browser.close();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
process.stdout.write(`\nThe pictures are in ${out}. ${troubles} to look into.\n`);
process.exit(troubles === 0 ? 0 : 1);

async function take(
  within: Browser,
  view: View,
  of: { theme: (typeof themes)[number]; width: number; facts: Record<string, string> },
): Promise<void> {
  const { theme, width, facts } = of;
  const context = await within.newContext({
    baseURL: server.target.baseUrl,
    viewport: { width, height: heights[width] ?? 800 },
    colorScheme: theme,
    reducedMotion: "reduce",
    ...(view.isSignedIn && { storageState: await signedIn(within) }),
  });
  try {
    const page = await context.newPage();
    await page.goto(view.path(facts));
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForLoadState("networkidle").catch(() => {});
    await view.act?.(page);
    await settle(page);
    const name = `${view.name}-${theme}-${width}`;
    await page.screenshot({ path: join(out, `${name}.jpg`), type: "jpeg", quality: 60 });
    for (const trouble of await troublesOf(page)) {
      troubles++;
      process.stdout.write(`${name}: ${trouble}\n`);
    }
  } finally {
    await context.close();
  }
}

/** Fonts and pictures are there, and nothing moves. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const pictures = [...document.images].filter((picture) => picture.loading !== "lazy");
    await Promise.allSettled(pictures.map((picture) => picture.decode()));
  });
}

/** Signs in once, by the form, and hands on what the browser kept of it. */
function signedIn(within: Browser) {
  kept ??= (async () => {
    const context = await within.newContext({ baseURL: server.target.baseUrl });
    const page = await context.newPage();
    const { adminEmail: email, adminPassword: password } = server.target;
    await enter(page, { email, password });
    const state = await context.storageState();
    await context.close();
    return state;
  })();
  return kept;
}
