import type { Browser, Page } from "playwright-core";
import type { Target } from "./targets";

/** A tab of its own, in which what the browser complains about is noted. */
export async function openPage(
  browser: Browser,
  target: Target,
  complaints: string[],
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: target.baseUrl,
    viewport: { width: 1280, height: 800 },
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    complaints.push(`${message.text()} ${message.location().url}`);
  });
  return page;
}

/** Signs in by the form, and waits for the page that it leads to. */
export async function enter(
  page: Page,
  { email, password }: { email: string; password: string },
  landing = "Overview",
): Promise<void> {
  if (!page.url().includes("/sign-in")) await page.goto("/");
  await page.getByLabel("Email").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page
    .getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: landing })
    .first()
    .and(page.locator('[aria-current="page"]'))
    .waitFor();
}

/** Drags files from outside of the browser over the middle of the page, as a person would, and lets go. */
export async function dropFiles(
  page: Page,
  paths: string[],
  whileHovering: () => Promise<void> = async () => {},
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? { width: 800, height: 600 };
  const drag = (type: "dragEnter" | "dragOver" | "drop") =>
    session.send("Input.dispatchDragEvent", {
      type,
      x: width / 2,
      y: height / 2,
      data: { items: [], files: paths, dragOperationsMask: 1 },
    });
  await drag("dragEnter");
  await drag("dragOver");
  await whileHovering();
  await drag("drop");
  await session.detach();
}

/** Makes uploads slow enough to be watched. */
export async function throttleUploads(
  page: Page,
  bytesPerSecond: number,
): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const limit = (uploadThroughput: number) =>
    session.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    });
  await session.send("Network.enable");
  await limit(bytesPerSecond);
  return async () => {
    await limit(-1);
    await session.detach();
  };
}
