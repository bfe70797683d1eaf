import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "../setup/browser";
import { enter, openPage } from "../setup/console-page";
import { targets } from "../setup/targets";

const canBrowse = hasBrowser("The pages' policy in a browser");
const paths = [
  ...["/", "/media", "/files", "/rooms", "/crons", "/instruments", "/audit", "/health"],
  ...["/settings", "/crons/delete-released-bytes", "/nowhere"],
];
const strangersPaths = [
  "/sign-in",
  "/sign-up",
  "/invite?token=fmi_nothing",
  "/instruments/nothing",
];

let browser: Browser;
beforeAll(async () => {
  if (canBrowse) browser = await launchBrowser();
});
afterAll(() => browser?.close());

describe.runIf(canBrowse).each(targets)("the pages on $name", (target) => {
  let page: Page;
  /** What the browser held back by the policy. */
  const held: string[] = [];

  beforeEach(async () => {
    held.splice(0);
    page = await openPage(browser, target, []);
    await page.exposeFunction("heldBack", (what: string) => void held.push(what));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) =>
        (window as unknown as { heldBack(what: string): void }).heldBack(
          `${event.violatedDirective}: ${event.blockedURI}`,
        ),
      );
    });
  });
  afterEach(() => page?.context().close());

  async function open(path: string): Promise<string> {
    const response = await page.goto(path);
    await page.waitForLoadState("networkidle");
    return response?.headers()["content-security-policy"] ?? "";
  }

  test("each has a policy with a nonce of its own, and asks for nothing that it holds back", async () => {
    const nonces = new Set<string>();
    const look = async (path: string) => {
      const policy = await open(path);
      expect([path, policy]).toEqual([path, expect.stringContaining("frame-ancestors 'none'")]);
      expect(policy).toContain("object-src 'none'");
      expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/);
      const [, nonce = ""] = /'nonce-([^']+)'/.exec(policy) ?? [];
      expect(nonce.length).toBeGreaterThan(20);
      nonces.add(nonce);
      expect([path, held.splice(0)]).toEqual([path, []]);
    };
    for (const path of strangersPaths) await look(path);
    await page.goto("/sign-in");
    await enter(page, { email: target.adminEmail, password: target.adminPassword });
    for (const path of paths) await look(path);
    expect(nonces.size).toBe(strangersPaths.length + paths.length);
  }, 120_000);

  test("a script that somebody got into one does not run", async () => {
    await open("/sign-in");
    await page.evaluate(() => {
      const script = document.createElement("div");
      script.innerHTML = `<img src="data:," onerror="window.ran = true"><a href="javascript:window.ran = true">x</a>`;
      document.body.append(script);
      script.querySelector("a")?.click();
    });
    await expect.poll(() => held.some((what) => what.startsWith("script-src"))).toBe(true);
    expect(await page.evaluate(() => "ran" in window)).toBe(false);
  });
});
