import { randomUUID } from "node:crypto";
import { TOTP } from "otpauth";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "../setup/browser";
import { enter, openPage } from "../setup/console-page";
import { codeOf, type Rpc, rpcFor, signIn, signInAdmin } from "../setup/rpc";
import { targets } from "../setup/targets";

const canBrowse = hasBrowser("Accounts in a browser");
/** Whoever is served by a policy hears of it from the browser in these words. */
const policyBreach = /Content Security Policy|violates the following/;

let browser: Browser;
beforeAll(async () => {
  if (canBrowse) browser = await launchBrowser();
});
afterAll(() => browser?.close());

describe.runIf(canBrowse).each(targets)("accounts on $name", (target) => {
  const complaints: string[] = [];
  const pages: Page[] = [];
  let admin: Rpc;
  let account: { email: string; password: string };

  const tab = async () => {
    const page = await openPage(browser, target, complaints);
    pages.push(page);
    return page;
  };
  const newAccount = async (role: "member" | "admin") => {
    const made = { email: `${randomUUID()}@example.com`, password: randomUUID() };
    await admin.mutate("auth.createUser", { ...made, role, name: "Ines Okafor" });
    return made;
  };
  const tryPassword = async ({ email, password }: { email: string; password: string }) =>
    codeOf(await rpcFor(target.baseUrl).mutate("auth.createToken", { email, password }));

  beforeAll(async () => {
    admin = await signInAdmin(target);
  });
  beforeEach(async () => {
    account = await newAccount("member");
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
    expect(complaints.splice(0).filter((said) => policyBreach.test(said))).toEqual([]);
  });

  test("a second factor is turned on, asked for at the next sign-in, and a recovery code stands in", async () => {
    const page = await tab();
    await enter(page, account);
    await page.goto("/settings#second-factor");
    const section = page.getByRole("region", { name: "Second factor" });
    await section.getByRole("button", { name: "Turn on" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Present password").fill(account.password);
    await dialog.getByRole("button", { name: "Go on" }).click();
    await dialog.getByRole("img", { name: /QR code/ }).waitFor();
    const secret = ((await dialog.locator("code").textContent()) ?? "").replaceAll(" ", "");
    const app = new TOTP({ secret });
    const shownAt = Date.now();
    await dialog.getByRole("textbox", { name: "Code" }).fill(app.generate({ timestamp: shownAt }));
    await dialog.getByRole("button", { name: "Turn on" }).click();
    await page.getByRole("dialog", { name: "Keep these recovery codes" }).waitFor();
    const recoveryCodes = await page.getByRole("dialog").getByRole("listitem").allInnerTexts();
    expect(recoveryCodes).toHaveLength(10);
    await page.getByRole("button", { name: "They are kept" }).click();
    await section.getByText("10 recovery codes left").waitFor();

    const { error } = await rpcFor(target.baseUrl).mutate("auth.createToken", account);
    expect(error?.data).toMatchObject({ details: { secondFactor: "required" } });
    const elsewhere = await tab();
    await elsewhere.goto("/sign-in");
    await elsewhere.getByLabel("Email").fill(account.email);
    await elsewhere.getByRole("textbox", { name: "Password" }).fill(account.password);
    await elsewhere.getByRole("button", { name: "Sign in", exact: true }).click();
    await elsewhere.getByRole("heading", { name: "One more step" }).waitFor();
    const code = elsewhere.getByLabel("Code");
    await code.fill("000000");
    await elsewhere.getByRole("button", { name: "Sign in", exact: true }).click();
    await elsewhere.getByRole("alert").first().waitFor();
    // The code that turned it on is used up; the next one is good a half minute early.
    await code.fill(app.generate({ timestamp: shownAt + 30_000 }));
    await elsewhere.getByRole("button", { name: "Sign in", exact: true }).click();
    await elsewhere.getByRole("navigation", { name: "Main" }).waitFor();

    const without = await tab();
    await without.goto("/sign-in");
    await without.getByLabel("Email").fill(account.email);
    await without.getByRole("textbox", { name: "Password" }).fill(account.password);
    await without.getByRole("button", { name: "Sign in", exact: true }).click();
    await without.getByLabel("Code").fill(recoveryCodes[0] ?? "");
    await without.getByRole("button", { name: "Sign in", exact: true }).click();
    await without.getByRole("navigation", { name: "Main" }).waitFor();
  });

  test("an admin disables and enables, changes a role, makes a reset link and removes, by hand", async () => {
    const boss = await newAccount("admin");
    const page = await tab();
    await enter(page, boss);
    await page.goto("/settings#people");
    const people = page.getByRole("region", { name: "People" });
    const row = people.getByRole("listitem").filter({ hasText: account.email });
    const choose = async (item: string) => {
      await page.getByRole("button", { name: `Change ${account.email}` }).click();
      await page.getByRole("menuitem", { name: item, exact: true }).click();
    };
    const theirs = await signIn(target, account.email, account.password);

    await choose("Disable");
    await page
      .getByRole("alertdialog")
      .or(page.getByRole("dialog"))
      .getByRole("button", { name: "Disable" })
      .click();
    await row.getByText("Disabled").waitFor();
    expect((await theirs.query("auth.sessions")).status).toBe(401);
    expect((await tryPassword(account))[0]).toBeGreaterThanOrEqual(401);
    await choose("Enable");
    await expect.poll(() => row.getByText("Disabled").count()).toBe(0);
    expect((await tryPassword(account))[0]).toBe(200);

    await choose("Make an admin");
    await row.getByText("Admin", { exact: true }).waitFor();
    const asAdmin = await signIn(target, account.email, account.password);
    expect((await asAdmin.query("auth.users")).status).toBe(200);
    await choose("Make a member");
    await row.getByText("Member", { exact: true }).waitFor();
    expect(codeOf(await asAdmin.query("auth.users"))[1]).not.toBeUndefined();

    await choose("Link to reset the password");
    const made = page.getByRole("dialog");
    const link = new URL((await made.locator("code").textContent()) ?? "");
    await made.getByRole("button", { name: "Done" }).click();
    const reset = await tab();
    await reset.goto(`${link.pathname}${link.search}${link.hash}`);
    await reset.getByRole("heading", { name: "A new password" }).waitFor();
    const renewed = { email: account.email, password: randomUUID() };
    await reset.getByRole("textbox", { name: "Password" }).fill(renewed.password);
    await reset.locator("button[type=submit]").click();
    await reset.getByRole("navigation", { name: "Main" }).waitFor();
    expect((await tryPassword(account))[1]).toBe("UNAUTHENTICATED");
    expect((await tryPassword(renewed))[0]).toBe(200);

    await choose("Remove");
    const asked = page.getByRole("dialog");
    await asked.getByText("It has").waitFor();
    await asked.getByRole("button", { name: "Remove and delete all" }).click();
    await page.getByText(`${account.email} is removed`).waitFor();
    await expect.poll(() => row.count()).toBe(0);
    expect((await tryPassword(renewed))[1]).toBe("UNAUTHENTICATED");

    await page.goto("/audit");
    const entries = page.getByRole("main").getByText(account.email);
    await expect.poll(() => entries.count()).toBeGreaterThan(4);
    const { data } = await admin.query("audit.list", { limit: 100 });
    const kinds = data.items
      .filter(
        ({ subject, actor }: Record<"subject" | "actor", { email: string } | null>) =>
          (subject ?? actor)?.email === account.email,
      )
      .map(({ kind }: { kind: string }) => kind);
    for (const kind of [
      ...["user.removed", "password.reset", "resetLink.created"],
      ...["user.roleChanged", "user.enabled", "user.disabled"],
    ])
      expect(kinds).toContain(kind);
  });
});
