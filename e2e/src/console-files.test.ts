import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { dropFiles, enter, openPage, throttleUploads } from "./setup/console-page";
import { grantFile, postFile } from "./setup/file-uploads";
import { type Rpc, signIn, signInAdmin } from "./setup/rpc";
import { pdf, png } from "./setup/samples";
import { targets } from "./setup/targets";

const canBrowse = hasBrowser("The Files page in a browser");
const slow = { timeout: 30_000, interval: 100 };

let browser: Browser;
let dir: string;

beforeAll(async () => {
  if (!canBrowse) return;
  browser = await launchBrowser();
  dir = await mkdtemp(join(tmpdir(), "fermata-files-"));
});

afterAll(async () => {
  await browser?.close();
  if (dir) await rm(dir, { recursive: true, force: true });
});

// The pages are the same ones in either hosting.
describe.runIf(canBrowse).each(targets.slice(0, 1))("the Files page on $name", (target) => {
  let rpc: Rpc;
  let account: { email: string; password: string };
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    account = { email: `${randomUUID()}@example.com`, password: randomUUID() };
    const admin = await signInAdmin(target);
    await admin.mutate("auth.createUser", { ...account, role: "admin", name: "Ines Okafor" });
    rpc = await signIn(target, account.email, account.password);
    page = await openPage(browser, target, complaints);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await enter(page, account);
  });

  afterAll(() => page?.context().close());

  beforeEach(async () => {
    // What the page still shows of the test before would ask for files that go now.
    await page.goto("about:blank");
    for (const { storageId } of await listed()) await rpc.mutate("files.delete", { storageId });
  });

  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });

  const listed = async (): Promise<{ storageId: string; filename: string }[]> =>
    (await rpc.query("files.list", { limit: 100 })).data.items;
  const names = async () => (await listed()).map(({ filename }) => filename).toSorted();
  const row = (name: string) => page.getByRole("button", { name, exact: true });
  const box = (name: string) => page.getByRole("checkbox", { name: `Select ${name}` });
  const shown = () =>
    page
      .locator("[data-row]")
      .evaluateAll((all) => all.map((one) => one.querySelector(".sr-only")?.textContent));
  const toasts = () => page.getByRole("status").filter({ has: page.getByRole("button") });
  const focused = () =>
    page.evaluate(() => document.activeElement?.querySelector(".sr-only")?.textContent ?? null);

  async function give(filename: string, bytes: Uint8Array, type: string) {
    const { url } = await grantFile(rpc, { filename });
    expect((await postFile(url, bytes, { "content-type": type })).status).toBe(200);
  }

  /** Five files, the newest first: e to a. */
  async function giveFive() {
    for (const letter of ["a", "b", "c"])
      await give(`${letter}.txt`, Buffer.from(letter), "text/plain");
    await give("d.pdf", pdf(), "application/pdf");
    await give("e.png", png([20, 90, 60], 96), "image/png");
  }

  async function visit(path = "/files") {
    await page.goto(path);
    await page.getByRole("heading", { name: "Files", level: 1 }).waitFor();
    await page
      .getByRole("searchbox", { name: "Search names" })
      .or(page.getByText("Nothing held yet"))
      .waitFor();
  }

  async function onDisk(name: string, bytes: Uint8Array): Promise<string> {
    const path = join(dir, name);
    await writeFile(path, bytes);
    return path;
  }

  test("takes several files by drop, and says of each that is refused why", async () => {
    await visit();
    const paths = await Promise.all([
      onDisk("one.png", png([200, 30, 30], 64)),
      onDisk("two.pdf", pdf()),
      onDisk("three.txt", Buffer.from("three")),
      onDisk("too-large.bin", randomBytes(5 * 1024 * 1024 + 1)),
      onDisk("liar.png", Buffer.from("<script>not a picture</script>")),
    ]);
    await dropFiles(page, paths, async () => {
      await page.getByRole("heading", { name: "Let go to upload 5 files" }).waitFor();
    });
    await expect.poll(names, slow).toEqual(["one.png", "three.txt", "two.pdf"]);
    await expect.poll(shown, slow).toHaveLength(3);
    const tray = page.getByRole("region", { name: "Uploads" });
    await tray.getByText("2 failed, 3 done").waitFor();
    await tray.getByRole("listitem").getByText("At most 5 MB a file.").waitFor();
    await tray.getByRole("listitem").getByText("This type is not accepted").waitFor();
    await tray.getByRole("button", { name: "Keep it as private media" }).click();
    await expect
      .poll(
        async () =>
          (await rpc.query("storage.list")).data.items.map(
            (one: { filename: string }) => one.filename,
          ),
        slow,
      )
      .toContain("too-large.bin");
    // What the server refused stands in the browser's log, too.
    expect(complaints.splice(0).filter((line) => !line.includes("415"))).toEqual([]);
    await tray.getByRole("button", { name: "Dismiss liar.png" }).click();
    await tray.getByRole("button", { name: "Dismiss the uploads" }).click();
  });

  test("takes a picture by paste", async () => {
    await visit();
    await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(40, 30);
      canvas.getContext("2d")?.fillRect(0, 0, 40, 30);
      const blob = await canvas.convertToBlob({ type: "image/png" });
      await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
    });
    await page.keyboard.press("Control+v");
    await expect.poll(names, slow).toEqual(["image.png"]);
    // Until its thumbnail stands: the next test deletes what it is made of.
    await expect
      .poll(
        () =>
          page
            .locator("[data-row-of] img")
            .evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth > 0)),
        slow,
      )
      .toEqual([true]);
  });

  test("an upload is cancelled, taken up again from the toast, and tried again after a failure", async () => {
    await visit();
    const restore = await throttleUploads(page, 400 * 1024);
    const path = await onDisk("slow.bin", randomBytes(3 * 1024 * 1024));
    await dropFiles(page, [path]);
    const bar = page.getByRole("progressbar", { name: "Uploading slow.bin" });
    await bar.waitFor();
    await page.getByRole("button", { name: "Cancel slow.bin" }).click();
    await bar.waitFor({ state: "hidden" });
    expect(await names()).toEqual([]);
    await restore();
    let refusals = 1;
    await page.route("**/api/files/upload/*", (route) =>
      refusals-- > 0
        ? route.fulfill({
            status: 403,
            json: { error: { appCode: "FORBIDDEN", message: "No.", requestId: "r" } },
          })
        : route.continue(),
    );
    await toasts().getByRole("button", { name: /^Undo/ }).click();
    await page.getByRole("button", { name: "Try again" }).click();
    await expect.poll(names, slow).toEqual(["slow.bin"]);
    await page.unroute("**/api/files/upload/*");
    expect(complaints.splice(0).filter((line) => !line.includes("403"))).toEqual([]);
  });

  test("is searched and filtered, and the filter stands in the address", async () => {
    await giveFive();
    await visit();
    await expect.poll(shown).toEqual(["e.png", "d.pdf", "c.txt", "b.txt", "a.txt"]);
    await page.getByRole("button", { name: "Type", exact: true }).click();
    await page.getByRole("menuitemradio", { name: "Images" }).click();
    await expect.poll(shown).toEqual(["e.png"]);
    expect(page.url()).toContain("type=image");
    await page.getByRole("button", { name: "Type: Images" }).click();
    await page.getByRole("menuitemradio", { name: "Any type" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("searchbox", { name: "Search names" }).fill("B.TX");
    await expect.poll(shown).toEqual(["b.txt"]);
    await page.getByRole("searchbox", { name: "Search names" }).fill("100%_");
    await page.getByText("No file matches “100%_”").waitFor();
    await page.getByRole("button", { name: "Show all files" }).click();
    const [file] = await listed();
    await rpc.mutate("profile.setAvatar", { storageId: file?.storageId });
    await visit("/files?state=attached");
    await expect.poll(shown).toEqual(["e.png"]);
    await page.getByRole("button", { name: "Unattached 4" }).click();
    await expect.poll(shown).toHaveLength(4);
    await rpc.mutate("profile.setAvatar", { storageId: null });
  });

  test("several are chosen by pointer, and their links copied; each link works", async () => {
    await giveFive();
    await visit();
    await box("d.pdf").click();
    await box("b.txt").click({ modifiers: ["Shift"] });
    await row("c.txt").click({ modifiers: ["ControlOrMeta"] });
    const bar = page.getByRole("group", { name: "Selected files" });
    await expect.poll(() => bar.textContent()).toMatch(/^2 selected/);
    await bar.getByRole("button", { name: "Copy links" }).click();
    await toasts().getByText("2 links copied").waitFor();
    const links = (await page.evaluate(() => navigator.clipboard.readText())).split("\n");
    const answers = await Promise.all(links.map(async (link) => (await fetch(link)).text()));
    expect(answers.map((text) => text.slice(0, 1)).toSorted()).toEqual(["%", "b"]);
    await page.getByRole("checkbox", { name: "Select all files shown" }).click();
    await expect.poll(() => bar.textContent()).toMatch(/^5 selected/);
    await page.keyboard.press("Escape");
    await bar.waitFor({ state: "hidden" });
  });

  test("what is deleted can be taken back, and is deleted once it cannot", async () => {
    await giveFive();
    await visit();
    await box("a.txt").click();
    await box("b.txt").click();
    await page.getByRole("button", { name: "Delete 2 selected files" }).click();
    await expect.poll(shown).toEqual(["e.png", "d.pdf", "c.txt"]);
    await page.getByText(/^3 files, /).waitFor();
    expect(await names()).toHaveLength(5);
    await toasts().getByRole("button", { name: /^Undo/ }).click();
    await expect.poll(shown).toHaveLength(5);

    await box("a.txt").click();
    await page.getByRole("button", { name: "Delete 1 selected file" }).click();
    await toasts().getByRole("button", { name: "Dismiss" }).last().click();
    await expect.poll(names, slow).toHaveLength(4);
    expect(await names()).not.toContain("a.txt");
    await expect.poll(shown).toEqual(["e.png", "d.pdf", "c.txt", "b.txt"]);
  });

  test("what waits to be deleted is deleted when the page is left", async () => {
    await giveFive();
    await visit();
    await box("c.txt").click();
    await page.keyboard.press("Delete");
    await toasts().getByText("Deleted c.txt").waitFor();
    expect(await names()).toContain("c.txt");
    await page.goto("about:blank");
    await expect.poll(names, slow).not.toContain("c.txt");
    expect(await names()).toHaveLength(4);
  });

  test("a deletion that the server refuses comes back, with the reason", async () => {
    await giveFive();
    await visit();
    const [{ storageId } = { storageId: "" }] = await listed();
    await box("e.png").click();
    await page.keyboard.press("Delete");
    await rpc.mutate("files.delete", { storageId });
    await toasts().getByRole("button", { name: "Dismiss" }).last().click();
    await page.getByRole("alert").getByText("e.png could not be deleted.").waitFor();
    await page.getByRole("alert").getByRole("button", { name: "Dismiss" }).click();
    expect(complaints.splice(0).filter((line) => !line.includes("404"))).toEqual([]);
  });

  test("everything goes by keyboard, and focus is never lost", async () => {
    await giveFive();
    await visit();
    await page.keyboard.press("/");
    await page.keyboard.type("txt");
    await expect.poll(shown).toEqual(["c.txt", "b.txt", "a.txt"]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await expect.poll(shown).toHaveLength(5);
    await page.keyboard.press("j");
    await expect.poll(focused).toBe("e.png");
    await page.keyboard.press("ArrowDown");
    await expect.poll(focused).toBe("d.pdf");
    await page.keyboard.press("Enter");
    const details = page.getByRole("complementary", { name: "Details of d.pdf" });
    await details.waitFor();
    await page.keyboard.press("l");
    await toasts().getByText("Link copied.").waitFor();
    await page.keyboard.press("j");
    await page.getByRole("complementary", { name: "Details of c.txt" }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("c.txt");

    await page.keyboard.press("x");
    await page.keyboard.press("Shift+ArrowDown");
    const status = page.getByRole("main").getByRole("status");
    await expect.poll(() => status.allTextContents()).toContain("2 selected");
    await expect.poll(focused).toBe("b.txt");
    await page.keyboard.press("Delete");
    await expect.poll(shown).toEqual(["e.png", "d.pdf", "a.txt"]);
    // On what took the place of the first one.
    await expect.poll(focused).toBe("a.txt");
    await page.keyboard.press("z");
    await expect.poll(shown).toHaveLength(5);
    expect(await names()).toHaveLength(5);
    await page.keyboard.press("Control+a");
    await expect.poll(() => status.allTextContents()).toContain("5 selected");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
  });

  test("an admin is led to everybody's files, sees that they exist and not what is in them", async () => {
    const other = { email: `${randomUUID()}@example.com`, password: randomUUID() };
    await rpc.mutate("auth.createUser", other);
    const theirs = await signIn(target, other.email, other.password);
    const filename = `secret ${randomUUID()}.txt`;
    const { url } = await grantFile(theirs, { filename });
    await postFile(url, Buffer.from("secret"), { "content-type": "text/plain" });
    await page.goto("/");
    await page.getByRole("link", { name: "See unattached" }).click();
    await page.waitForURL(/owner=all/);
    await page.getByRole("searchbox", { name: "Search names" }).fill(filename);
    await expect.poll(shown).toEqual([filename]);
    expect(await box(filename).isDisabled()).toBe(true);
    await row(filename).click();
    const details = page.getByRole("complementary", { name: `Details of ${filename}` });
    await details.getByText("only its owner can read it").waitFor();
    expect(await details.getByRole("link").count()).toBe(0);
    const { error } = await theirs.query("files.list", { owner: "all" });
    expect(error?.data.appCode).toBe("FORBIDDEN");
  });

  test("the palette offers pages before whatever else is called alike", async () => {
    await visit();
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("rooms");
    const chosen = page.locator('[cmdk-item][data-selected="true"]');
    await expect.poll(() => chosen.textContent()).toMatch(/^Rooms/);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/rooms/);
  });
});
