import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { bundleScript } from "./bundle-script";
import type { PeerReport, Seating } from "./peer-page-script";

const script = join(dirname(fileURLToPath(import.meta.url)), "peer-page-script.ts");

export interface PeerPages {
  origin: string;
  /** Serves a page with another client than today's. @param entry of its package @returns the page's address */
  serveClient(entry: string): Promise<string>;
  close(): Promise<void>;
}

/** Serves the published client in an empty page, from an origin that is not the server's. */
export async function servePeerPages(): Promise<PeerPages> {
  const scripts = [await bundleScript(script)];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://pages");
    const client = Number(searchParams.get("client"));
    const isScript = pathname === "/page.js";
    const type = isScript ? "text/javascript" : "text/html";
    response.writeHead(200, { "content-type": `${type}; charset=utf-8` });
    response.end(
      isScript
        ? scripts[client]
        : `<!doctype html><title>peer</title><body><script src="/page.js?client=${client}"></script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    async serveClient(entry) {
      const count = scripts.push(await bundleScript(script, { "@fermata/api": entry }));
      return `${origin}/?client=${count - 1}`;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One participant's tab. */
export class PeerTab {
  readonly page: Page;
  /** Of the page that it opens. */
  readonly address: string;

  constructor(page: Page, address: string) {
    this.page = page;
    this.address = address;
  }

  /** Opens the page, or reloads it, and sits down. */
  async sit(
    seating: Seating,
    media: Pick<Seating, "withoutMedia" | "withLargePictures" | "withStillCamera"> = {},
  ): Promise<void> {
    await this.page.goto(this.address);
    await this.page.evaluate(
      (given) => {
        window.page = new window.PeerPage(given);
      },
      { ...seating, ...media },
    );
  }

  /** Changes the ICE servers in each answer of the server to this page from now on. */
  async changeIceServers(change: (servers: RTCIceServer[]) => RTCIceServer[]): Promise<void> {
    await this.page.route(/signaling\.(join|turnConfig)/, async (route) => {
      const response = await route.fetch();
      const json = await response.json();
      // Calls of the same moment go in one request, and their answers in one list.
      for (const { result } of [json].flat()) {
        const config = result?.data.turn ?? result?.data;
        if (config?.iceServers) config.iceServers = change(config.iceServers);
      }
      await route.fulfill({ response, json });
    });
  }

  /** The same participant in another tab. */
  inTab(page: Page): PeerTab {
    return new PeerTab(page, this.address);
  }

  /** Sends a message through the server. */
  async say(text: string): Promise<void> {
    await this.page.evaluate((payload) => window.page.room.send("note", payload), text);
  }

  report(): Promise<PeerReport> {
    return this.page.evaluate(() => window.page.report());
  }

  /** Waits until the report is as wanted; else fails with what it is. */
  async until(
    what: string,
    isSo: (report: PeerReport) => boolean,
    withinMs = 30_000,
  ): Promise<PeerReport> {
    const deadline = Date.now() + withinMs;
    let report = await this.report();
    while (!isSo(report)) {
      if (Date.now() > deadline) throw new Error(`not ${what}: ${JSON.stringify(report)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      report = await this.report();
    }
    return report;
  }

  connected(withinMs?: number): Promise<PeerReport> {
    const isConnected = ({ peers }: PeerReport) => peers[0]?.state === "connected";
    return this.until("connected", isConnected, withinMs);
  }

  /** Waits until more pictures have come in than until now. */
  async pictures(withinMs?: number): Promise<void> {
    const { frames } = await this.report();
    await this.until("showing moving pictures", (report) => report.frames > frames + 5, withinMs);
  }
}

/** A tab with storage of its own. */
export async function openTab(browser: Browser, address: string): Promise<PeerTab> {
  const context = await browser.newContext();
  return new PeerTab(await context.newPage(), address);
}
