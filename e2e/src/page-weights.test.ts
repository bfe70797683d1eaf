import { randomUUID } from "node:crypto";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { enter } from "./setup/console-page";
import { compileAhead, largeScripts } from "./setup/large-scripts";
import { publishInstrument } from "./setup/published-instrument";
import { signIn, signInAdmin } from "./setup/rpc";
import { type Target, targets } from "./setup/targets";

const canBrowse = hasBrowser("Page weights");
// Next alone packs by gzip what the self-hosted server has packed by Brotli when it was built.
const target = targets.find(({ name }) => name === "self-hosted");

interface Load {
  /** Transferred with headers, pictures and clips left out. */
  bytes: number;
  scriptBytes: number;
  fontBytes: number;
  /** Without pictures and clips. */
  requests: number;
  /** Pages that were fetched before anybody went to them. */
  fetchedAhead: string[];
  /** Calls of the API before the page stood still. */
  calls: string[];
  layoutShift: number;
}

describe.runIf(canBrowse && target)("what a page costs that nobody has seen yet", () => {
  const account = { email: `${randomUUID()}@example.com`, password: randomUUID() };
  const { baseUrl } = target as Target;
  let browser: Browser;
  let slug: string;
  let session: Awaited<ReturnType<BrowserContext["storageState"]>>;

  beforeAll(async () => {
    browser = await launchBrowser();
    const admin = await signInAdmin(target as Target);
    await admin.mutate("auth.createUser", { ...account, role: "admin", name: "Maja Lindqvist" });
    const rpc = await signIn(target as Target, account.email, account.password);
    ({ slug } = await publishInstrument(rpc, 12));
    const context = await browser.newContext({ baseURL: baseUrl });
    await enter(await context.newPage(), account);
    session = await context.storageState();
    await context.close();
  });
  afterAll(() => browser?.close());

  async function load(path: string, isSignedIn: boolean): Promise<Load> {
    const context = await browser.newContext({
      baseURL: baseUrl,
      viewport: { width: 1440, height: 900 },
      ...(isSignedIn && { storageState: session }),
    });
    const page = await context.newPage();
    const network = await context.newCDPSession(page);
    await network.send("Network.enable");
    const requests = new Map<string, { url: string; type: string; bytes: number }>();
    network.on("Network.requestWillBeSent", ({ requestId, request, type = "" }) =>
      requests.set(requestId, { url: request.url.replace(baseUrl, ""), type, bytes: 0 }),
    );
    network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const request = requests.get(requestId);
      if (request) request.bytes = encodedDataLength;
    });
    await page.addInitScript(() => {
      const seen = window as unknown as { layoutShift: number };
      seen.layoutShift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          seen.layoutShift += (entry as unknown as { value: number }).value;
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    const layoutShift = await page.evaluate(
      () => (window as unknown as { layoutShift: number }).layoutShift,
    );
    await context.close();
    const all = [...requests.values()];
    const bytesOf = (...types: string[]) =>
      all.filter(({ type }) => types.includes(type)).reduce((sum, { bytes }) => sum + bytes, 0);
    const pictures = ["Image", "Media"];
    return {
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) - bytesOf(...pictures),
      requests: all.filter(({ type }) => !pictures.includes(type)).length,
      scriptBytes: bytesOf("Script"),
      fontBytes: bytesOf("Font"),
      fetchedAhead: all.flatMap(({ url }) => (url.includes("_rsc=") ? [url] : [])),
      calls: all.flatMap(({ url }) =>
        url.startsWith("/api/trpc/") ? [url.split("?")[0] ?? ""] : [],
      ),
      layoutShift,
    };
  }

  const kb = 1024;

  test.each([
    ["/sign-in", 180 * kb, 132 * kb],
    ["a public page", 48 * kb, 1],
  ])("%s, for a stranger", async (path, most, mostScript) => {
    const cost = await load(path.startsWith("/") ? path : `/instruments/${slug}`, false);
    expect(cost.bytes).toBeLessThan(most);
    expect(cost.scriptBytes).toBeLessThan(mostScript);
    expect(cost.fontBytes).toBeLessThan(40 * kb);
    expect(cost.requests).toBeLessThan(20);
    expect(cost.calls).toEqual([]);
    expect(cost.layoutShift).toBeLessThan(0.1);
  });

  // Half of the time in which a page that wakes up answers to nothing went into that.
  test("scripts are compiled while they arrive", async () => {
    const scripts = await largeScripts(`${baseUrl}/sign-in`);
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script.startsWith(compileAhead)).toBe(true);
  });

  test.each([
    ["/", "overview.summary"],
    ["/files", "files.list"],
    ["/media", "storage.list"],
    ["/instruments", "instruments.list"],
    ["/rooms", "signaling.rooms"],
    ["/crons", "crons.list"],
    ["/audit", "audit.list"],
    ["/settings", "overview.summary"],
  ])("%s, with its first list in the page", async (path, list) => {
    const cost = await load(path, true);
    expect(cost.bytes).toBeLessThan(270 * kb);
    expect(cost.scriptBytes).toBeLessThan(200 * kb);
    expect(cost.fontBytes).toBeLessThan(40 * kb);
    expect(cost.requests).toBeLessThan(32);
    expect(cost.fetchedAhead).toEqual([]);
    const html = await (
      await fetch(baseUrl + path, {
        headers: {
          cookie: session.cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
          "sec-fetch-dest": "document",
        },
      })
    ).text();
    const [router, procedure] = list.split(".");
    expect(html).toContain(`\\"queryKey\\":[[\\"${router}\\",\\"${procedure}\\"]`);
    expect(cost.calls.filter((call) => call.includes("auth.me"))).toEqual([]);
    expect(cost.layoutShift).toBeLessThan(0.1);
  });
});
