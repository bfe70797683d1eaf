import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { grantFile, postFile } from "./setup/file-uploads";
import { hostileFiles } from "./setup/hostile-files";
import { newMember, type Rpc, signInAdmin } from "./setup/rpc";
import { type Target, targets } from "./setup/targets";

const canBrowse = hasBrowser("Hostile files in a browser");
/** The types under which each file is tried, beside its own: what is refused under one may pass under another. */
const disguises = ["application/octet-stream", "text/plain", "image/png", "application/pdf", ""];
const linksAtOnce = 6;
/** What a page can do with a URL that might run it. */
const embeddings = {
  iframe: (url: string) => `<iframe src="${url}"></iframe>`,
  object: (url: string) => `<object data="${url}"></object>`,
  "object, as a page": (url: string) => `<object type="text/html" data="${url}"></object>`,
  embed: (url: string) => `<embed src="${url}">`,
  "embed, as a drawing": (url: string) => `<embed type="image/svg+xml" src="${url}">`,
  image: (url: string) => `<img src="${url}">`,
  script: (url: string) => `<script src="${url}"></script>`,
  module: (url: string) => `<script type="module" src="${url}"></script>`,
  worker: (url: string) => `<script>try { new Worker("${url}") } catch {}</script>`,
  "service worker": (url: string) =>
    `<script>navigator.serviceWorker?.register("${url}", { scope: "/x" }).catch(() => {})</script>`,
  style: (url: string) => `<link rel="stylesheet" href="${url}">`,
};

type Way = "opened" | keyof typeof embeddings;
const ways = ["opened", ...Object.keys(embeddings)] as Way[];

/** How long what should run may take: a worker begins when the machine has time for it. */
const patienceMs = 10_000;
/** How long what should not run is watched after its page has loaded. */
const glanceMs = 60;

let browser: Browser;

beforeAll(async () => {
  if (canBrowse) browser = await launchBrowser();
});

afterAll(() => browser?.close());

describe.runIf(canBrowse).each(targets)("hostile files on $name", (target) => {
  let member: Rpc;
  let lab: Lab;

  beforeAll(async () => {
    member = await newMember(target, await signInAdmin(target));
    lab = await openLab(browser, target);
  });

  afterAll(() => lab?.close());

  test("run where nothing protects from them: these tests can fail", async () => {
    for (const [name, way] of [
      ["page.html", "opened"],
      ["page.html", "iframe"],
      ["drawing.svg", "opened"],
      ["drawing.svg", "object"],
      ["feed.xml", "opened"],
      ["program.js", "script"],
      ["program.js", "worker"],
      ["program.txt", "script"],
    ] as const) {
      expect(await lab.runs(lab.unprotected(name), way, patienceMs), `${name}: ${way}`).toBe(true);
    }
  }, 60_000);

  test("are noticed among others that do nothing", async () => {
    const harmless = lab.unprotected("none");
    expect(await lab.runsAny([harmless, harmless])).toBe(false);
    for (const name of ["page.html", "program.js"]) {
      const urls = [harmless, lab.unprotected(name), harmless];
      expect(await lab.runsAny(urls, patienceMs), name).toBe(true);
    }
  }, 60_000);

  test("run nowhere from where their owner's links lead", async () => {
    const stored = new Set<string>();
    const links: { known: string; url: string }[] = [];
    const ran: string[] = [];
    for (const file of hostileFiles(lab.script)) {
      for (const type of new Set([file.contentType, ...disguises])) {
        const { url: uploadUrl } = await grantFile(member, { filename: file.name });
        const answer = await postFile(uploadUrl, file.bytes, { "content-type": type });
        // Refused is safe.
        if (answer.status !== 200) {
          expect([400, 415]).toContain(answer.status);
          continue;
        }
        const { storageId } = answer.body;
        const { data: facts } = await member.query("files.getMetadata", { storageId });
        // What became of another disguise of the same bytes is served the same way.
        const known = `${file.name} as ${facts.contentType}`;
        if (stored.has(known)) continue;
        stored.add(known);
        const { data: plain } = await member.query("files.getUrl", { storageId });
        const { data: named } = await member.query("files.getUrl", {
          storageId,
          filename: "page.html",
        });
        links.push({ known, url: plain }, { known, url: named });
      }
    }
    for (let from = 0; from < links.length; from += linksAtOnce) {
      const some = links.slice(from, from + linksAtOnce);
      // One look at several, since nothing should run; only if something did, at each of them.
      if (!(await lab.runsAny(some.map(({ url }) => url)))) continue;
      ran.push(`among ${some.map(({ known }) => known).join(", ")}`);
      for (const { known, url } of some) {
        for (const way of ways) if (await lab.runs(url, way)) ran.push(`${known}: ${way}`);
      }
    }
    expect(ran).toEqual([]);
    // Every file passes under some disguise, or nothing would have been tried.
    const tried = new Set([...stored].map((line) => line.split(" as ")[0]));
    expect(tried.size).toBe(hostileFiles("").length);
  }, 400_000);
});

interface Lab {
  /** What hostile files run. */
  script: string;
  /** A URL of our origin that serves a hostile file as its author would like it. */
  unprotected(name: string): string;
  /** Whether anything ran when these were opened one after the other, then all embedded in one page in every way. */
  runsAny(urls: string[], waitMs?: number): Promise<boolean>;
  /** Whether the script of a URL ran when it was opened or embedded this way. */
  runs(url: string, way: Way, waitMs?: number): Promise<boolean>;
  close(): Promise<void>;
}

async function openLab(browser: Browser, { baseUrl }: Target): Promise<Lab> {
  const context = await browser.newContext();
  const beacon = `${baseUrl}/beacon`;
  // It calls home and marks the document: a policy may forbid the one and not the other.
  const script = `try{document.documentElement.dataset.ran="1"}catch{};fetch("${beacon}?at="+encodeURIComponent(self.name||""),{mode:"no-cors"});`;
  const calls: string[] = [];
  await context.route(`${beacon}*`, (route) => {
    calls.push(route.request().url());
    return route.fulfill({ status: 204 });
  });
  await context.route(`${baseUrl}/unprotected/*`, (route) => {
    const [, name = ""] = /unprotected\/([^?]+)/.exec(route.request().url()) ?? [];
    const file = hostileFiles(script).find((one) => one.name === decodeURIComponent(name));
    return route.fulfill({ body: file?.bytes ?? "", contentType: file?.contentType ?? "" });
  });
  let content = "";
  await context.route(`${baseUrl}/lab`, (route) =>
    route.fulfill({ contentType: "text/html", body: `<!doctype html><body>${content}` }),
  );

  const hasRun = async (page: Page): Promise<boolean> => {
    const marks = await Promise.all(
      page
        .frames()
        .map((frame) =>
          frame.evaluate(() => document.documentElement?.dataset?.ran === "1").catch(() => false),
        ),
    );
    return calls.splice(0).length > 0 || marks.includes(true);
  };
  /** Opens a page and looks whether anything runs, again and again until the time is over. */
  const runsAt = async (page: Page, url: string, waitMs: number): Promise<boolean> => {
    // A download is no page: the browser says so by an error.
    await page.goto(url, { waitUntil: "load", timeout: 10_000 }).catch(() => {});
    const end = Date.now() + waitMs;
    do {
      await page.waitForTimeout(glanceMs);
      if (await hasRun(page)) return true;
    } while (Date.now() < end);
    return false;
  };
  const embedded = (html: string) => {
    content = html;
    return `${baseUrl}/lab`;
  };

  return {
    script,
    unprotected: (name) => `${baseUrl}/unprotected/${encodeURIComponent(name)}`,
    async runsAny(urls, waitMs = glanceMs) {
      const page = await freshPage(context);
      const all = urls.flatMap((url) => Object.values(embeddings).map((embed) => embed(url)));
      let found = false;
      for (const url of urls) found ||= await runsAt(page, url, glanceMs);
      found ||= await runsAt(page, embedded(all.join("\n")), waitMs);
      await page.close();
      return found;
    },
    async runs(url, way, waitMs = glanceMs) {
      const page = await freshPage(context);
      const address = way === "opened" ? url : embedded(embeddings[way](url));
      const found = await runsAt(page, address, waitMs);
      await page.close();
      return found;
    },
    close: () => context.close(),
  };
}

async function freshPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.on("dialog", (dialog) => void dialog.dismiss());
  return page;
}
