import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { enter, openPage, throttleUploads } from "./setup/console-page";
import { type Rpc, signIn, signInAdmin } from "./setup/rpc";
import { pdf, png, wav } from "./setup/samples";
import { targets } from "./setup/targets";

const purge = "purge expired signaling";
const clipBytes = 50 * 1024 * 1024;
const slow = { timeout: 30_000, interval: 100 };

const canBrowse = hasBrowser("The console in a browser");

let browser: Browser;
let dir: string;
let clipPath: string;

beforeAll(async () => {
  if (!canBrowse) return;
  browser = await launchBrowser();
  dir = await mkdtemp(join(tmpdir(), "fermata-console-"));
  clipPath = join(dir, "recital.wav");
  await writeFile(clipPath, wav(clipBytes));
});

afterAll(async () => {
  await browser?.close();
  if (dir) await rm(dir, { recursive: true, force: true });
});

describe.runIf(canBrowse).each(targets)("the console on $name", (target) => {
  let account: { email: string; password: string };
  let rpc: Rpc;
  let page: Page;
  /** What the browser complained about. */
  const complaints: string[] = [];

  beforeAll(async () => {
    // An admin of its own: what is done here changes nobody else's avatar.
    account = { email: `${randomUUID()}@example.com`, password: randomUUID() };
    const admin = await signInAdmin(target);
    await admin.mutate("auth.createUser", { ...account, role: "admin", name: "Maja Lindqvist" });
    rpc = await signIn(target, account.email, account.password);
    page = await openPage(browser, target, complaints);
    await enter(page, account);
  });

  afterAll(() => page?.context().close());

  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });

  const visit = async (name: string) => {
    const link = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).first();
    await link.click();
    // Until then the page before takes what is done.
    await expect.poll(() => link.getAttribute("aria-current"), slow).toBe("page");
  };

  test("the first admin signs in, sees the overview and signs out", async () => {
    const others = await openPage(browser, target, complaints);
    await others.goto("/crons");
    await others.waitForURL(/\/sign-in/);
    await enter(others, { email: target.adminEmail, password: target.adminPassword }, "Crons");
    await others.getByRole("button", { name: "Account menu" }).click();
    await others.getByRole("menuitem", { name: "Sign out" }).click();
    await others.getByRole("heading", { name: "Sign in" }).waitFor();
    await others.goto("/files");
    await others.waitForURL(/\/sign-in\?next=%2Ffiles/);
    await others.context().close();
  });

  test("a wrong password is refused beside the form", async () => {
    const others = await openPage(browser, target, []);
    await others.goto("/sign-in");
    await others.getByLabel("Email").fill(account.email);
    await others.getByRole("textbox", { name: "Password" }).fill("a wrong password");
    await others.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect
      .poll(() => others.getByRole("main").getByRole("alert").textContent(), slow)
      .toMatch(/password is wrong/);
    await others.context().close();
  });

  test("an avatar is uploaded and seen: a PNG, then a photograph from a phone", async () => {
    await visit("Settings");
    const avatar = page.getByRole("main").locator('img[src*="/api/files/"]');
    await choose(page, /(an|the) avatar/, {
      name: "me.png",
      mimeType: "image/png",
      buffer: png([200, 30, 30], 64),
    });
    await expect.poll(() => pixelsWide(avatar), slow).toBe(64);
    const before = await avatar.getAttribute("src");

    const photo = await photograph(page);
    expect(photo.length).toBeGreaterThan(1024 * 1024);
    expect(photo.length).toBeLessThanOrEqual(5 * 1024 * 1024);
    await choose(page, /the avatar/, {
      name: "IMG_2041.jpg",
      mimeType: "image/jpeg",
      buffer: photo,
    });
    await expect.poll(() => avatar.getAttribute("src"), slow).not.toBe(before);
    // A smaller copy: nobody waits for a megabyte to see a face.
    await expect.poll(() => pixelsWide(avatar), slow).toBe(128);
    // Beside the name, too, and still there after a reload.
    await page.reload();
    const small = page.getByRole("complementary").locator('img[src*="/api/files/"]');
    await expect.poll(() => pixelsWide(small), slow).toBe(128);
    const { data } = await rpc.query("auth.me");
    expect(await small.getAttribute("src")).toContain(new URL(data.user.avatarUrl).pathname);
  });

  test("an avatar that is no picture is refused, and nothing of it is stored", async () => {
    await visit("Settings");
    const alert = page.getByRole("main").getByRole("alert");
    const filename = "scores.csv";
    const buffer = Buffer.from("piece,bars\nNocturne,84\n");
    await choose(page, /(an|the) avatar/, { name: filename, mimeType: "text/csv", buffer });
    await alert.getByText("An avatar is a picture").waitFor();
    // What does not say that it is none is told by the server, once it is uploaded.
    const typeless = join(dir, "scores");
    await writeFile(typeless, buffer);
    await choose(page, /(an|the) avatar/, typeless);
    await expect.poll(() => alert.textContent(), slow).toContain("bytes are of another type");
    const { data } = await rpc.query("files.list");
    expect(JSON.stringify(data.items)).not.toContain("scores");
    const unexpected = complaints.splice(0).filter((complaint) => !complaint.includes("415"));
    complaints.push(...unexpected);
  });

  test("a private file is uploaded, and stands in the list under its whole name", async () => {
    await visit("Files");
    const filename = "Programme of the summer recital.pdf";
    await page.getByRole("heading", { name: "Files", level: 1 }).waitFor();
    await choose(page, /^Upload/, { name: filename, mimeType: "application/pdf", buffer: pdf() });
    await page.getByRole("button", { name: filename, exact: true }).waitFor();
    const { data } = await rpc.query("files.list");
    expect(data.items).toContainEqual(expect.objectContaining({ filename }));
  });

  test("a clip of 50 MB is uploaded with its progress, and stands among the media", async () => {
    await visit("Media");
    await page.getByRole("heading", { name: "Media", level: 1 }).waitFor();
    const restore = await throttleUploads(page, 40 * 1024 * 1024);
    await choose(page, /^Upload$/, clipPath);
    const bar = page.getByRole("progressbar", { name: "Parts of recital.wav" });
    const seen: number[] = [];
    await expect
      .poll(async () => {
        const value = await bar.getAttribute("aria-valuenow", { timeout: 5_000 }).catch(() => null);
        if (value !== null) seen.push(Number(value));
        return seen.filter((percent) => percent > 0 && percent < 100).length;
      }, slow)
      .toBeGreaterThan(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    await page.getByRole("region", { name: "Uploads" }).getByText("1 done").waitFor();
    await restore();
    const tile = page.locator("figure", {
      has: page.getByRole("button", { name: "recital.wav", exact: true }),
    });
    await tile.waitFor();
    await expect.poll(() => tile.textContent()).toMatch(/5[02](\.\d)? MB/);

    const { data } = await rpc.query("storage.list");
    expect(data.items).toMatchObject([
      { filename: "recital.wav", sizeBytes: clipBytes, status: "ready" },
    ]);
    const head = await fetch(data.items[0].url, { headers: { range: "bytes=0-3" } });
    expect([head.status, await head.text()]).toEqual([206, "RIFF"]);
  });

  test("the TURN configuration is asked for and shown", async () => {
    await visit("Rooms");
    await page.getByRole("button", { name: "Test the relay" }).click();
    const servers = page.getByRole("list", { name: "ICE servers" });
    // A machine without a network waits for its timeout.
    await servers.waitFor({ timeout: 20_000 });
    await expect.poll(() => servers.textContent()).toMatch(/^(stun|turns?):/);
  });

  test("a button that is pressed twice while the page is busy opens one room", async () => {
    await visit("Rooms");
    await page.getByRole("button", { name: "New room" }).first().click();
    const dialog = page.getByRole("dialog");
    const name = randomUUID();
    await dialog.getByLabel("Name", { exact: true }).fill(name);
    // Both clicks come before anything can be rendered, as those do that waited for the page.
    await dialog.getByRole("button", { name: "Open the room" }).evaluate((button) => {
      if (!(button instanceof HTMLElement)) throw new Error("It is no button.");
      button.click();
      button.click();
    });
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByText(name).first().waitFor();
    const { data } = await rpc.query("signaling.rooms");
    const opened = data.items.filter((room: { name: string }) => room.name === name);
    expect(opened).toHaveLength(1);
    await rpc.mutate("signaling.closeRoom", { roomId: opened[0].roomId });
  });

  test("an admin sees what needs somebody, what it all stands on, and what runs", async () => {
    await visit("Health");
    const section = (name: string) => page.getByRole("region", { name }).textContent();
    await expect.poll(() => section("What it stands on")).toMatch(/database.*store/i);
    expect(await section("What runs")).toMatch(/Fermata\d.*Node\d.*PostgreSQL\d/);
    expect(await section("What needs you")).toBeTruthy();
  });

  test("the purge is run by hand, and its run is shown", async () => {
    await visit("Crons");
    const row = page.getByRole("listitem").filter({
      has: page.getByRole("button", { name: purge, exact: true }),
    });
    const ledger = async () => (await rpc.query("crons.runs", { name: purge })).data.items;
    const before = (await ledger()).length;
    await row.getByRole("button", { name: purge, exact: true }).click();
    const detail = page.getByRole("region", { name: `A run of ${purge}` });
    // Other tests run the same job, and one run at a time is the rule: press again then.
    await expect
      .poll(async () => {
        await detail.getByRole("button", { name: "Run now" }).click();
        return (await ledger()).length;
      }, slow)
      .toBeGreaterThan(before);
    await detail.getByText("Run by hand").waitFor();
    await detail.getByText("Ok", { exact: true }).waitFor();
    const unexpected = complaints.splice(0).filter((complaint) => !complaint.includes("409"));
    complaints.push(...unexpected);
  });

  test("a job's page shows its runs, the chosen one, and the next five slots", async () => {
    await visit("Crons");
    const engine = page.getByRole("region", { name: "Engine" });
    await engine.getByText(/^Calls us, last time/).waitFor();
    await page.getByRole("button", { name: purge, exact: true }).click();
    await page.getByRole("link", { name: "All about it" }).click();
    await page.getByRole("heading", { name: purge, level: 1 }).waitFor();
    const slots = page.getByRole("region", { name: "Next slots" }).getByRole("listitem");
    await expect.poll(() => slots.count()).toBe(5);
    const run = page.getByRole("region", { name: "Runs" }).getByRole("button").first();
    await run.click();
    await page.waitForURL(/[?&]run=/);
    expect(await run.getAttribute("aria-current")).toBe("true");
    const chosen = page.getByRole("region", { name: "The chosen run" });
    await chosen.getByText(/"deleted": \d+/).waitFor();
    await page.getByRole("link", { name: "All jobs" }).click();
    await page.getByRole("heading", { name: "Crons", level: 1 }).waitFor();
  });

  // The pages are the same ones in either hosting.
  if (target !== targets[0]) return;

  describe("by keyboard", () => {
    test("the first Tab leads past the navigation", async () => {
      await page.goto("/files");
      await page.getByRole("heading", { name: "Files", level: 1 }).waitFor();
      await page.keyboard.press("Tab");
      const skip = page.getByRole("link", { name: "Skip to the page" });
      await expect.poll(() => isFocused(skip)).toBe(true);
      await page.keyboard.press("Enter");
      await expect.poll(() => isFocused(page.getByRole("main"))).toBe(true);
    });

    test("⌘K opens the palette, which leads to a page", async () => {
      await page.keyboard.press("ControlOrMeta+k");
      const palette = page.getByRole("dialog", { name: "Search and commands" });
      await palette.waitFor();
      await page.keyboard.press("Escape");
      await palette.waitFor({ state: "hidden" });
      await page.keyboard.press("ControlOrMeta+k");
      await page.keyboard.type("settings");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/settings/);
      await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
    });

    test("G and a letter go to a page", async () => {
      await page.keyboard.press("g");
      await page.keyboard.press("m");
      await page.waitForURL(/\/media/);
    });
  });

  describe.each([
    ["/", "Overview"],
    ["/files", "Files"],
    ["/media", "Media"],
    ["/crons", "Crons"],
    [`/crons/${encodeURIComponent(purge)}`, purge],
    ["/rooms", "Rooms"],
    ["/health", "Health"],
    ["/settings", "Settings"],
  ])("%s", (path, title) => {
    test("has a name for everything one can act on", async () => {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      const tree = await page.locator("body").ariaSnapshot();
      const nameless = tree
        .split("\n")
        .filter((line) =>
          /^\s*- (button|link|textbox|searchbox|checkbox|switch|combobox|radio|tab|menuitem|progressbar|dialog|region|navigation)\b(?! ["/])/.test(
            line,
          ),
        );
      expect(nameless).toEqual([]);
      expect(await page.title()).toContain(title === "Overview" ? "Fermata" : title);
      const basics = await page.evaluate(() => ({
        language: document.documentElement.lang,
        mains: document.querySelectorAll("main").length,
        titles: document.querySelectorAll("h1").length,
        picturesWithoutAlt: [...document.images].filter(
          (image) => image.getAttribute("alt") === null,
        ).length,
        doubledIds: [...document.querySelectorAll("[id]")]
          .map(({ id }) => id)
          .filter((id, index, all) => all.indexOf(id) !== index),
      }));
      expect(basics).toEqual({
        language: "en",
        mains: 1,
        titles: 1,
        picturesWithoutAlt: 0,
        doubledIds: [],
      });
    });

    test("fits a narrow phone without sideways scrolling", async () => {
      const wide = page.viewportSize();
      await page.setViewportSize({ width: 320, height: 640 });
      const overhang = () =>
        page.evaluate(() => {
          const widths = [document.documentElement, document.querySelector("main")].map(
            (element) => element?.scrollWidth ?? 0,
          );
          return Math.max(...widths) - window.innerWidth;
        });
      // What draws itself to its place's size is told of the new one a moment later.
      await expect.poll(overhang).toBeLessThanOrEqual(0);
      if (wide) await page.setViewportSize(wide);
    });
  });
});

/** Presses a button that asks for a file, and gives it one. */
async function choose(
  page: Page,
  button: string | RegExp,
  file: Parameters<Locator["setInputFiles"]>[0],
): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("main").getByRole("button", { name: button }).first().click();
  await (await chooser).setFiles(file);
}

/** How many pixels a picture really has: zero until it has been loaded and decoded. */
async function pixelsWide(picture: Locator): Promise<number> {
  if ((await picture.count()) === 0) return 0;
  return picture
    .first()
    .evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0));
}

/** Twelve megapixels with enough detail that their JPEG weighs what a phone's does. */
async function photograph(page: Page): Promise<Buffer> {
  const encoded = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = 4032;
    canvas.height = 3024;
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("no canvas");
    for (let y = 0; y < canvas.height; y += 24) {
      for (let x = 0; x < canvas.width; x += 24) {
        pen.fillStyle = `hsl(${(x + y) % 360} ${40 + ((x * y) % 50)}% ${20 + ((x ^ y) % 60)}%)`;
        pen.fillRect(x, y, 24, 24);
        pen.strokeRect(x + 3.5, y + 3.5, 15, 15);
      }
    }
    const url = canvas.toDataURL("image/jpeg", 0.85);
    return url.slice(url.indexOf(",") + 1);
  });
  return Buffer.from(encoded, "base64");
}

function isFocused(element: Locator): Promise<boolean> {
  return element.evaluate((node) => node === document.activeElement);
}
