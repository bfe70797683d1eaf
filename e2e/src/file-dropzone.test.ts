import { randomBytes } from "node:crypto";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { dropFiles, throttleUploads } from "./setup/console-page";
import { newMember, type Rpc, signInAdmin } from "./setup/rpc";
import { png } from "./setup/samples";
import { targets } from "./setup/targets";

const canBrowse = hasBrowser("FileDropzone in a browser");
const slow = { timeout: 30_000, interval: 50 };

let browser: Browser;
let script: string;
let dir: string;

beforeAll(async () => {
  if (!canBrowse) return;
  dir = await mkdtemp(join(tmpdir(), "fermata-dropzone-"));
  const here = dirname(fileURLToPath(import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [join(here, "setup/dropzone-page.tsx")],
    bundle: true,
    write: false,
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  script = outputFiles[0]?.text ?? "";
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  if (dir) await rm(dir, { recursive: true, force: true });
});

describe.runIf(canBrowse).each(targets.slice(0, 1))("<FileDropzone> against $name", (target) => {
  let member: Rpc;
  let page: Page;

  beforeAll(async () => {
    member = await newMember(target, await signInAdmin(target));
    const context = await browser.newContext({ viewport: { width: 600, height: 400 } });
    await context.route(`${target.baseUrl}/lab.js`, (route) =>
      route.fulfill({ contentType: "text/javascript", body: script }),
    );
    await context.route(`${target.baseUrl}/lab`, (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<!doctype html><html lang="en"><title>Lab</title><div id="root"></div>
          <script>lab = ${JSON.stringify({ token: member.token, uploaded: [], rejected: [] })}</script>
          <script type="module" src="/lab.js"></script>`,
      }),
    );
    page = await context.newPage();
  });

  afterAll(() => page?.context().close());

  beforeEach(async () => {
    await page.goto(`${target.baseUrl}/lab`);
    await field().waitFor({ state: "attached" });
  });

  const field = () => page.getByLabel("Photos of the instrument");
  const zone = () => page.locator(".zone");
  const uploaded = () => page.evaluate(() => window.lab.uploaded.map((one) => one.split(" ")[0]));
  const rejected = () => page.evaluate(() => window.lab.rejected);
  const said = () => zone().getByRole("status").textContent();

  async function onDisk(name: string, bytes: Uint8Array): Promise<string> {
    const path = join(dir, name);
    await writeFile(path, bytes);
    return path;
  }

  test("takes several files by drop, tells while they hang over it, and stores each", async () => {
    const paths = [
      await onDisk("one.png", png([1, 2, 3], 32)),
      await onDisk("two.txt", Buffer.from("two")),
    ];
    await dropFiles(page, paths, async () => {
      await expect.poll(() => page.getByTestId("hover").textContent()).toBe("2 here");
      expect(await zone().getAttribute("data-dragging")).toBe("true");
    });
    await expect.poll(uploaded, slow).toHaveLength(2);
    expect(await zone().getAttribute("data-dragging")).toBeNull();
    await expect.poll(said).toBe("2 files are uploaded.");
    const [, storageId] = ((await page.evaluate(() => window.lab.uploaded[0])) ?? "").split(" ");
    expect((await member.query("files.getMetadata", { storageId })).data).not.toBeNull();
  });

  test("refuses what it does not take, with a typed reason, and takes the rest", async () => {
    await field().setInputFiles([
      { name: "page.html", mimeType: "text/html", buffer: Buffer.from("x") },
      { name: "large.png", mimeType: "image/png", buffer: randomBytes(300_001) },
      { name: "fine.txt", mimeType: "text/plain", buffer: Buffer.from("fine") },
    ]);
    await expect.poll(uploaded, slow).toEqual(["fine.txt"]);
    expect(await rejected()).toEqual([
      "page.html UNSUPPORTED_MEDIA_TYPE",
      "large.png PAYLOAD_TOO_LARGE",
    ]);
    await expect.poll(said).toMatch(/^page.html was not taken\. .*fine.txt is uploaded\.$/);
  });

  test("a click anywhere on it opens the chooser, and so does the keyboard", async () => {
    await page.getByRole("button", { name: "Switch" }).focus();
    await page.keyboard.press("Tab");
    expect(await field().evaluate((node) => node === document.activeElement)).toBe(true);
    const byKey = page.waitForEvent("filechooser");
    await page.keyboard.press("Space");
    await (await byKey).setFiles(await onDisk("by-key.txt", Buffer.from("k")));
    await expect.poll(uploaded, slow).toEqual(["by-key.txt"]);
    const byPointer = page.waitForEvent("filechooser");
    await zone().click({ position: { x: 10, y: 10 } });
    const chooser = await byPointer;
    expect(chooser.isMultiple()).toBe(true);
  });

  test("a button inside it is its own", async () => {
    let opened = false;
    page.once("filechooser", () => {
      opened = true;
    });
    await page.getByRole("button", { name: "Clear" }).click();
    await page.waitForTimeout(200);
    expect(opened).toBe(false);
  });

  test("takes what is pasted into it", async () => {
    await field().focus();
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File(["pasted"], "pasted.txt", { type: "text/plain" }));
      document.activeElement?.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
      );
    });
    await expect.poll(uploaded, slow).toEqual(["pasted.txt"]);
  });

  test("an upload is cancelled and started again", async () => {
    const restore = await throttleUploads(page, 60_000);
    await dropFiles(page, [await onDisk("slow.txt", Buffer.alloc(250_000, "a"))]);
    await page.getByText("slow.txt: uploading").waitFor();
    expect(await zone().getAttribute("data-uploading")).toBe("true");
    await page.getByRole("button", { name: "Cancel slow.txt" }).click();
    await page.getByText("slow.txt: cancelled").waitFor();
    expect(await uploaded()).toEqual([]);
    await restore();
    await page.getByRole("button", { name: "Retry slow.txt" }).click();
    await expect.poll(uploaded, slow).toEqual(["slow.txt"]);
  });

  test.each([
    ["changed", (path: string) => appendFile(path, "more")],
    ["removed", (path: string) => rm(path)],
  ])("a file that is %s on the disk after it was chosen fails in words", async (how, meddle) => {
    const restore = await throttleUploads(page, 60_000);
    const name = `${how}.txt`;
    const path = await onDisk(name, Buffer.alloc(250_000, "a"));
    await dropFiles(page, [path]);
    await page.getByText(`${name}: uploading`).waitFor();
    await page.getByRole("button", { name: `Cancel ${name}` }).click();
    await page.getByText(`${name}: cancelled`).waitFor();
    await meddle(path);
    await restore();
    await page.getByRole("button", { name: `Retry ${name}` }).click();
    await page.getByText(`${name}: failed INVALID_INPUT`).waitFor();
    await expect.poll(said).toContain("changed");
  });

  test("disabled it takes nothing, and the browser does not open what is dropped", async () => {
    await page.getByRole("button", { name: "Switch" }).click();
    await dropFiles(page, [await onDisk("ignored.txt", Buffer.from("x"))]);
    await page.waitForTimeout(300);
    expect(page.url()).toMatch(/\/lab$/);
    expect([await uploaded(), await zone().getAttribute("data-disabled")]).toEqual([[], "true"]);
  });
});
