import { accessSync, constants } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const usualPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const { CHROMIUM_PATH } = process.env;
/** Where Chromium is: CHROMIUM_PATH, else a usual place. */
const chromiumPath = (CHROMIUM_PATH ? [CHROMIUM_PATH] : usualPaths).find(isExecutable);

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether tests of `what` can run here. Where Chromium is missing it says so and how to get it.
 * @throws Error in CI, where it can be installed
 */
export function hasBrowser(what: string): boolean {
  if (chromiumPath) return true;
  const remedy = `${what}: these tests need Chromium. Run apt-get install chromium, or set CHROMIUM_PATH.`;
  if (process.env.CI) throw new Error(remedy);
  process.stderr.write(`\n${remedy}\n\n`);
  return false;
}

export function launchBrowser(extraArgs: string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      // Root has no sandbox to give, and these pages are our own.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...extraArgs,
    ],
  });
}
