import { randomUUID } from "node:crypto";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { enter } from "./setup/console-page";
import { signInAdmin } from "./setup/rpc";
import { type Target, targets } from "./setup/targets";

const canBrowse = hasBrowser("The console's first text");

// The pages are the same ones in either hosting.
const [target] = targets;

/** Fourteen hours apart at least, so that each has another hour, and mostly another day. */
const home = "Pacific/Auckland";
const abroad = "America/Los_Angeles";

describe.runIf(canBrowse && target)("the text of the overview", () => {
  const account = { email: `${randomUUID()}@example.com`, password: randomUUID() };
  const complaints: string[] = [];
  let browser: Browser;
  let session: Awaited<ReturnType<BrowserContext["storageState"]>>;

  beforeAll(async () => {
    browser = await launchBrowser();
    const admin = await signInAdmin(target as Target);
    await admin.mutate("auth.createUser", { ...account, role: "admin", name: "Maja Lindqvist" });
    const page = await open(home);
    await enter(page, account);
    session = await page.context().storageState();
    await page.context().close();
  });
  afterAll(() => browser?.close());
  // Text that the browser would render otherwise than the server did is one of them.
  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });

  async function open(timezoneId: string, storageState?: typeof session): Promise<Page> {
    const context = await browser.newContext({
      baseURL: (target as Target).baseUrl,
      timezoneId,
      ...(storageState && { storageState }),
    });
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    return page;
  }

  /** What the server sent, before any script changed it. */
  async function goTo(page: Page, path: string): Promise<string> {
    const response = await page.goto(path);
    return (await response?.text()) ?? "";
  }

  const hourIn = (zone: string) =>
    Number(
      new Intl.DateTimeFormat("en-GB", { hour: "2-digit", timeZone: zone }).format(new Date()),
    );
  const greetingIn = (zone: string) => {
    const hour = hourIn(zone);
    const parts = { "Good night": 5, "Good morning": 12, "Good afternoon": 18, "Good evening": 24 };
    return Object.entries(parts).find(([, until]) => hour < until)?.[0] ?? "";
  };
  const dayIn = (zone: string) =>
    new Intl.DateTimeFormat("en-GB", {
      weekday: "long",
      day: "numeric",
      month: "long",
      timeZone: zone,
    })
      .format(new Date())
      .replace(",", "");
  const zoneCookieOf = async (page: Page) => {
    const cookies = await page.context().cookies();
    const found = cookies.find(({ name }) => name === "fermata.zone");
    return found && decodeURIComponent(found.value);
  };

  test("stands in the page as it comes, by the reader's clock", async () => {
    const page = await open(home, session);
    const html = await goTo(page, "/");
    expect(html).toContain(`${greetingIn(home)}, Maja`);
    expect(html).toContain(dayIn(home));
    expect(html).toContain("Uploads today");
    await page.getByRole("button", { name: "Upload" }).waitFor();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
      `${greetingIn(home)}, Maja`,
    );
    await page.context().close();
  });

  test("is by the clock of the place where a traveller is, and by the next page the server knows", async () => {
    const page = await open(abroad, session);
    await goTo(page, "/");
    await page.getByText(dayIn(abroad)).waitFor();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
      `${greetingIn(abroad)}, Maja`,
    );
    await expect.poll(() => zoneCookieOf(page), { timeout: 10_000 }).toBe(abroad);
    expect(await goTo(page, "/")).toContain(dayIn(abroad));
    await page.context().close();
  });

  test("is made in the browser where no zone was told, or one that is none", async () => {
    const page = await open(home, session);
    const { origin } = new URL((target as Target).baseUrl);
    await page
      .context()
      .addCookies([{ name: "fermata.zone", value: "Mars%2FJezero", url: origin }]);
    const html = await goTo(page, "/");
    expect(html).not.toContain(greetingIn(home));
    await page.getByText(dayIn(home)).waitFor();
    await expect.poll(() => zoneCookieOf(page), { timeout: 10_000 }).toBe(home);
    await page.context().close();
  });

  test("is without steps that somebody skipped, before a script runs", async () => {
    const page = await open(home, session);
    expect(await goTo(page, "/")).toContain("First steps");
    await page.getByRole("button", { name: "Skip all" }).click();
    await page.getByRole("region", { name: "First steps" }).waitFor({ state: "detached" });
    expect(await goTo(page, "/")).not.toContain("First steps");
    await page.context().close();
  });

  test("is without steps that were skipped in the release before", async () => {
    const page = await open(home, session);
    await page.goto("/files");
    const me = await page.request.get("/api/trpc/auth.me");
    const { result } = (await me.json()) as { result: { data: { user: { id: string } } } };
    await page.evaluate(
      ([id]) =>
        localStorage.setItem(
          `fermata.first-steps.${id}`,
          '{"picture":"skipped","instrument":"done","room":"skipped","job":"skipped"}',
        ),
      [result.data.user.id],
    );
    await page.goto("/");
    await page.getByRole("region", { name: "First steps" }).waitFor({ state: "detached" });
    expect(await goTo(page, "/")).not.toContain("First steps");
    await page.context().close();
  });
});
