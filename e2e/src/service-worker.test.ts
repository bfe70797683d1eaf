import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, launchBrowser } from "./setup/browser";
import { newMember, signInAdmin } from "./setup/rpc";
import { targets } from "./setup/targets";

const canBrowse = hasBrowser("The client in a service worker");

/** Of a service worker, which knows no XMLHttpRequest, no window and no import of its own. */
const work = `
  import { createFermata, toFermataError } from "@fermata/api";
  self.addEventListener("message", ({ data: { url, token }, ports: [port] }) => {
    const fermata = createFermata({ url, token });
    const done = async () => {
      const file = new File(["Da capo"], "note.txt", { type: "text/plain" });
      const { storageId } = await fermata.files.upload(file);
      const { filename } = await fermata.trpc.files.getMetadata.query({ storageId });
      const media = await fermata.media.upload(file, { visibility: "private" });
      const nobody = createFermata({ url });
      const error = await nobody.trpc.files.list.query().catch(toFermataError);
      return [filename, media.status, error.code];
    };
    done().then((answer) => port.postMessage(answer), (error) => port.postMessage([String(error)]));
  });`;

describe.runIf(canBrowse).each(targets.slice(0, 1))("against $name", (target) => {
  let browser: Browser;
  let site: Server;

  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: { contents: work, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
      bundle: true,
      write: false,
      format: "iife",
    });
    const script = outputFiles[0]?.text ?? "";
    const { hostname, port } = new URL(target.baseUrl);
    // The page and the API on one origin, as an app has them.
    site = createServer((asked, response) => {
      const { url: path, method, headers } = asked;
      if (path === "/worker.js") {
        response.writeHead(200, { "content-type": "text/javascript" }).end(script);
      } else if (!path?.startsWith("/api/")) {
        response.writeHead(200, { "content-type": "text/html" }).end("<title>A page</title>");
      } else {
        const onward = request({ hostname, port, method, path, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        });
        asked.pipe(onward);
      }
    });
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    site?.closeAllConnections();
    site?.close();
  });

  test("a service worker asks, stores a file, sends media, and knows failures by their codes", async () => {
    const { token } = await newMember(target, await signInAdmin(target));
    const { port } = site.address() as AddressInfo;
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    const answer = await page.evaluate(
      async (given) => {
        await navigator.serviceWorker.register("/worker.js");
        const { active } = await navigator.serviceWorker.ready;
        const { port1, port2 } = new MessageChannel();
        return new Promise((resolve) => {
          port1.onmessage = ({ data }) => resolve(data);
          active?.postMessage({ ...given, url: location.origin }, [port2]);
        });
      },
      { token },
    );
    expect(answer).toEqual(["note.txt", "ready", "UNAUTHENTICATED"]);
  }, 60_000);
});
