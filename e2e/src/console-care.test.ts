import { randomBytes, randomUUID } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { enter, openPage, throttleUploads } from "./setup/console-page";
import { uploadMedia } from "./setup/media-uploads";
import { type Rpc, signIn, signInAdmin } from "./setup/rpc";
import { pdf, png, wav } from "./setup/samples";
import { type Target, targets } from "./setup/targets";

const canBrowse = hasBrowser("What the console takes care of");

// The pages are the same ones in either hosting.
const [target] = targets;

describe.runIf(canBrowse && target)("what the console takes care of", () => {
  const account = { email: `${randomUUID()}@example.com`, password: randomUUID() };
  const complaints: string[] = [];
  let browser: Browser;
  let page: Page;
  let rpc: Rpc;
  let editor: string;
  let instrumentId: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    const admin = await signInAdmin(target as Target);
    await admin.mutate("auth.createUser", { ...account, role: "admin", name: "Maja Lindqvist" });
    rpc = await signIn(target as Target, account.email, account.password);
    const made = await rpc.mutate("instruments.create", { name: "Brandt upright" });
    ({ instrumentId } = made.data);
    editor = `/instruments/edit/${instrumentId}`;
    page = await openPage(browser, target as Target, complaints);
    await enter(page, account);
  });
  afterAll(() => browser?.close());
  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });

  const question = () => page.getByRole("dialog", { name: "Leave without saving?" });
  const answer = (name: "Keep typing" | "Leave without saving") =>
    question().getByRole("button", { name }).click();

  describe("what is typed and not saved", () => {
    const maker = () => page.getByLabel("Maker", { exact: true });
    const typeSomething = async () => {
      await page.goto("/instruments");
      await page.getByRole("link", { name: "Brandt upright" }).first().click();
      await maker().fill("Brandt, Hamburg");
    };

    test("a link asks, and what was typed is still there for whoever stays", async () => {
      await typeSomething();
      await page
        .getByRole("link", { name: /^Files/ })
        .first()
        .click();
      await answer("Keep typing");
      expect(await maker().inputValue()).toBe("Brandt, Hamburg");
      await page
        .getByRole("link", { name: /^Files/ })
        .first()
        .click();
      await answer("Leave without saving");
      await page.getByRole("heading", { name: "Files", level: 1 }).waitFor();
    });

    test("Back asks, as often as it is pressed", async () => {
      await typeSomething();
      for (let press = 0; press < 2; press++) {
        await page.goBack();
        await answer("Keep typing");
        expect(await maker().inputValue()).toBe("Brandt, Hamburg");
      }
      await page.goBack();
      await answer("Leave without saving");
      await page.getByRole("heading", { name: "Instruments", level: 1 }).waitFor();
    });

    test("keys and the palette ask", async () => {
      await typeSomething();
      await maker().blur();
      await page.keyboard.press("g");
      await page.keyboard.press("f");
      await answer("Keep typing");
      await page.keyboard.press("Control+k");
      await page.getByPlaceholder("Search names and commands").fill("Rooms");
      await page.keyboard.press("Enter");
      await answer("Keep typing");
      expect(await maker().inputValue()).toBe("Brandt, Hamburg");
    });

    test("the browser asks before the tab is closed, and not once all is saved", async () => {
      await typeSomething();
      const asked: string[] = [];
      page.on("dialog", (dialog) => {
        asked.push(dialog.type());
        void dialog.accept();
      });
      await page.reload();
      expect(asked).toEqual(["beforeunload"]);
      await maker().fill("Brandt");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Saved", { exact: true }).waitFor();
      await page.reload();
      expect(asked).toEqual(["beforeunload"]);
      expect(await maker().inputValue()).toBe("Brandt");
      page.removeAllListeners("dialog");
    });

    test("after a save one step back leads back", async () => {
      await typeSomething();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Saved", { exact: true }).waitFor();
      await page.goBack();
      await page.getByRole("heading", { name: "Instruments", level: 1 }).waitFor();
    });

    test.each([
      ["/rooms", "New room", "Name"],
      ["/instruments", "New instrument", "Maker"],
      ["/settings", "Invite", "Email"],
    ])("a dialog on %s asks before it is closed", async (path, opener, field) => {
      await page.goto(path);
      await page.getByRole("button", { name: opener }).first().click();
      const dialog = page.getByRole("dialog").first();
      await dialog.getByLabel(field, { exact: true }).fill("ada@example.com");
      for (const close of [
        () => page.keyboard.press("Escape"),
        () => dialog.getByRole("button", { name: "Cancel" }).click(),
      ]) {
        await close();
        await answer("Keep typing");
        expect(await dialog.getByLabel(field, { exact: true }).inputValue()).toBe(
          "ada@example.com",
        );
      }
      await page.keyboard.press("Escape");
      await answer("Leave without saving");
      await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    });

    test("a name and a new password in the settings ask", async () => {
      for (const label of ["Name", "New password"]) {
        await page.goto("/settings");
        await page.getByLabel(label, { exact: true }).fill("Somebody else entirely");
        await page
          .getByRole("link", { name: /^Files/ })
          .first()
          .click();
        await answer("Leave without saving");
        await page.getByRole("heading", { name: "Files", level: 1 }).waitFor();
      }
    });
  });

  test.each([
    ["/rooms", "New room"],
    ["/instruments", "New instrument"],
    ["/settings", "Invite"],
  ])("a dialog on %s gives the focus back to what opened it", async (path, name) => {
    await page.goto(path);
    const opener = page.getByRole("button", { name }).first();
    await opener.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => opener.evaluate((it) => it === document.activeElement)).toBe(true);
  });

  test("a dialog that a menu or the palette opened gives the focus back to what stays", async () => {
    await page.goto("/files");
    const menu = page.getByRole("button", { name: "Account menu" });
    await menu.click();
    await page.getByRole("menuitem", { name: "All keys" }).click();
    await page.getByRole("dialog", { name: "All keys" }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => menu.evaluate((it) => it === document.activeElement)).toBe(true);
    // What closed a moment ago would tell where the focus was, too.
    await page.waitForTimeout(1_100);
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Search names and commands").fill("All keys");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "All keys" }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => menu.evaluate((it) => it === document.activeElement)).toBe(true);
  });

  test("what is moved by keys keeps the focus, at the ends too", async () => {
    const keys: string[] = [];
    for (const colour of [20, 120, 220]) {
      const { key } = await uploadMedia(rpc, png([colour, 90, 60], 64), {
        filename: "one name.png",
        contentType: "image/png",
        visibility: "public",
      });
      keys.push(key);
    }
    await rpc.mutate("instruments.addMedia", { instrumentId, keys });
    // An answer that comes after the next key changes the order once more.
    await page.route("**/instruments.reorderMedia**", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      await route.continue();
    });
    await page.goto(editor);
    const held = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    // Three of one name are told apart.
    const third = page.getByRole("button", { name: "Move one name.png (3) towards the start" });
    const id = await third.evaluate((it) => it.closest("li")?.getAttribute("data-item"));
    const place = () =>
      page
        .getByTestId("instrument-item")
        .evaluateAll(
          (items, own) => items.findIndex((it) => it.getAttribute("data-item") === own),
          id,
        );
    await third.focus();
    for (const at of [1, 0]) {
      await page.keyboard.press("Enter");
      await expect.poll(place).toBe(at);
    }
    // At the start there is only the other way to go.
    await expect.poll(held).toMatch(/^Move one name\.png towards the end/);
    for (const at of [1, 2]) {
      await page.keyboard.press("Alt+ArrowRight");
      await expect.poll(place).toBe(at);
    }
    await page.unrouteAll({ behavior: "wait" });
    await page.waitForLoadState("networkidle");
    expect(await held()).toMatch(/towards the (start|end)$/);
  });

  test("photos stand in the order in which they were chosen, whichever arrives first", async () => {
    const { data } = await rpc.mutate("instruments.create", { name: "In order" });
    await page.goto(`/instruments/edit/${data.instrumentId}`);
    const restore = await throttleUploads(page, 512 * 1024);
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Upload photos and clips" }).click(),
    ]);
    const photo = (name: string, behind: Uint8Array) => ({
      name,
      mimeType: "image/png",
      buffer: Buffer.concat([png(), behind]),
    });
    await chooser.setFiles([
      photo("large.png", randomBytes(2_000_000)),
      photo("small.png", randomBytes(10)),
    ]);
    const shown = () => page.getByTestId("instrument-item").count();
    await expect.poll(shown).toBe(1);
    await restore();
    await expect.poll(shown).toBe(2);
    const { data: kept } = await rpc.query("instruments.get", { instrumentId: data.instrumentId });
    const names = kept.media.map((item: { media: { filename: string } }) => item.media.filename);
    expect(names).toEqual(["large.png", "small.png"]);
  });

  test("on a phone toasts stay within the window, one above the other, and every page can be reached", async () => {
    const phone = await openPage(browser, target as Target, complaints);
    await phone.setViewportSize({ width: 375, height: 812 });
    await enter(phone, account);
    await phone.goto("/crons");
    const job = "purge expired signaling";
    await phone.getByRole("button", { name: `Pause ${job}` }).click();
    await phone.getByRole("button", { name: `Resume ${job}` }).click();
    const undo = phone.getByRole("button", { name: "Undo" });
    await expect.poll(() => undo.count()).toBe(2);
    const boxes = await undo.evaluateAll((all) =>
      all
        .map((it) => it.getBoundingClientRect())
        .map(({ left, right, top, bottom }) => ({ left, right, top, bottom })),
    );
    for (const { left, right } of boxes) expect(left > 0 && right <= 375).toBe(true);
    expect(boxes[0]?.bottom).toBeLessThanOrEqual(boxes[1]?.top ?? 0);

    const reached = async (name: string) => {
      const tabs = phone.getByRole("navigation", { name: "Main" });
      const tab = tabs.getByRole("link", { name });
      if (await tab.isVisible()) await tab.click();
      else {
        await tabs.getByRole("button", { name: "More" }).click();
        await phone.getByRole("menuitem", { name }).click();
      }
      await phone.getByRole("heading", { level: 1, name }).waitFor();
    };
    for (const name of ["Files", "Media", "Instruments", "Crons", "Rooms", "Audit"])
      await reached(name);
    await phone.context().close();
  });

  test("the palette finds whatever has a name", async () => {
    await rpc.mutate("signaling.createRoom", { name: "Lesson with Ines" });
    await page.goto("/health");
    const find = async (text: string, name: RegExp) => {
      await page.keyboard.press("ControlOrMeta+k");
      await page.getByPlaceholder("Search names and commands").fill(text);
      await page.getByRole("option", { name }).first().click();
    };
    await find("lesson", /^Lesson with Ines/);
    await page.waitForURL(/\/rooms\?open=/);
    await find(account.email, /^Maja Lindqvist/);
    await page.waitForURL(/\/settings#people/);
    await find("brandt", /^Brandt upright/);
    await page.waitForURL(new RegExp(editor));
  });

  test("many uploads stand in the tray, a line each, and leave the page where it was", async () => {
    await page.goto("/media");
    const search = page.getByRole("searchbox", { name: /^Search/ });
    await search.waitFor();
    const before = await search.boundingBox();
    const restore = await throttleUploads(page, 64 * 1024);
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page
        .getByRole("button", { name: /^Upload$/ })
        .first()
        .click(),
    ]);
    await chooser.setFiles(
      Array.from({ length: 12 }, (_, at) => ({
        name: `take ${at}.wav`,
        mimeType: "audio/wav",
        buffer: wav(400_000 + at),
      })),
    );
    const tray = page.getByRole("region", { name: "Uploads" });
    await tray.getByRole("listitem").nth(11).waitFor({ state: "attached" });
    expect((await search.boundingBox())?.y).toBe(before?.y);
    expect((await tray.boundingBox())?.height).toBeLessThan(320);
    await tray.getByRole("button", { name: "Cancel all" }).click();
    await restore();
  });

  test("documents do not become public unless somebody says so", async () => {
    await page.goto("/media");
    const send = async (name: string) => {
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page
          .getByRole("button", { name: /^Upload$/ })
          .first()
          .click(),
      ]);
      await chooser.setFiles({ name, mimeType: "application/pdf", buffer: pdf() });
    };
    const visibility = async (filename: string) => {
      const { data } = await rpc.query("storage.list", { limit: 50 });
      const row = data.items.find((item: { filename: string }) => item.filename === filename);
      return row?.status === "ready" ? row.visibility : null;
    };
    await send("brochure.pdf");
    await page.getByText(/brochure\.pdf is kept private/).waitFor();
    await expect.poll(() => visibility("brochure.pdf")).toBe("private");
    await page.getByRole("button", { name: /^New uploads/ }).click();
    await page.getByRole("menuitemradio", { name: /Everything public/ }).click();
    await send("price list.pdf");
    await expect.poll(() => visibility("price list.pdf")).toBe("public");
  });

  test("sessions say from which device and place they are, and since when", async () => {
    await page.goto("/settings#sessions");
    const own = page
      .getByRole("region", { name: "Sessions" })
      .getByRole("listitem")
      .filter({ hasText: "This one" });
    await expect.poll(() => own.textContent()).toMatch(/Chrome \d+ on .*\d\d:\d\d, from \S+/);
  });

  test("a first admin is led through four steps, each by doing it or by skipping it", async () => {
    const admin = await signInAdmin(target as Target);
    const newcomer = { email: `${randomUUID()}@example.com`, password: randomUUID() };
    await admin.mutate("auth.createUser", { ...newcomer, role: "admin", name: "Ines Okafor" });
    const theirs = await openPage(browser, target as Target, complaints);
    await enter(theirs, newcomer);
    const steps = theirs.getByRole("region", { name: "First steps" });
    await steps.getByText("Choose an avatar").waitFor();
    await steps.getByRole("button", { name: "Skip", exact: true }).click();
    await steps.getByLabel("Its name").fill("The first one");
    await steps.getByRole("button", { name: "Make it" }).click();
    await theirs.getByRole("heading", { level: 1, name: "The first one" }).waitFor();
    await theirs.getByRole("link", { name: "Overview" }).first().click();
    await theirs.getByRole("heading", { name: "Your storage" }).waitFor();
    await theirs.waitForLoadState("networkidle");
    // Rooms and runs of other admins count, too: none may be left.
    const skipAll = steps.getByRole("button", { name: "Skip all" });
    if (await skipAll.isVisible()) await skipAll.click();
    await expect.poll(() => steps.count()).toBe(0);
    await theirs.reload();
    await theirs.getByRole("heading", { name: "Your storage" }).waitFor();
    expect(await steps.count()).toBe(0);
    await theirs.context().close();
  });

  test("whoever follows a dead link is not sent to a console that is not theirs", async () => {
    const context = await browser.newContext({ baseURL: (target as Target).baseUrl });
    const visitor = await context.newPage();
    const answerOf = await visitor.goto("/instruments/no-such-instrument");
    expect(answerOf?.status()).toBe(404);
    await visitor.getByRole("heading", { level: 1, name: "This page is not here" }).waitFor();
    expect(await visitor.getByRole("link").count()).toBe(0);
    await visitor.goto("/nowhere");
    await visitor.getByRole("heading", { level: 1, name: "Nothing is held here" }).waitFor();
    await visitor.goto("/invite");
    await visitor
      .getByRole("heading", { level: 1, name: "A part of the link is missing" })
      .waitFor();
    await context.close();
  });
});
