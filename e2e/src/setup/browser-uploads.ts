import { rm } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { launchBrowser } from "./browser";
import { makeDataDir } from "./data-dir";
import { newMember, type Rpc, signInAdmin } from "./rpc";
import { startSelfHosted } from "./start-server";
import { serveUploadPage } from "./upload-page";

export interface BrowserUploads {
  /** For files to send. */
  dir: string;
  browser: Browser;
  baseUrl: string;
  /** Of another origin, which the server allows. */
  siteOrigin: string;
  maja: Rpc;
  close(): Promise<void>;
}

/** A browser, a page of another origin that uploads whatever is chosen, and a server on its disk. */
export async function startBrowserUploads(): Promise<BrowserUploads> {
  const dir = await makeDataDir();
  const [browser, site] = await Promise.all([launchBrowser(), serveUploadPage()]);
  const server = await startSelfHosted(`${dir}/data`, undefined, {
    FERMATA_ALLOWED_ORIGINS: site.origin,
  });
  const maja = await newMember(server.target, await signInAdmin(server.target));
  return {
    ...{ dir, browser, maja },
    baseUrl: server.target.baseUrl,
    siteOrigin: site.origin,
    async close() {
      await browser.close();
      await server.stop();
      await site.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
