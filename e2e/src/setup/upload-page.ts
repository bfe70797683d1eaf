import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleScript } from "./bundle-script";

const script = join(dirname(fileURLToPath(import.meta.url)), "upload-page-script.ts");

const html = `<!doctype html><meta charset="utf-8"><title>upload</title>
<body style="font: 16px/1.5 sans-serif; margin: 40px">
<input type="file"><br><progress style="width: 480px; margin: 20px 0"></progress>
<pre style="font: inherit"></pre><script src="/page.js"></script>`;

/** Serves a page that uploads with the published client, from an origin that is not the server's. */
export async function serveUploadPage(): Promise<{ origin: string; close(): Promise<void> }> {
  const code = await bundleScript(script);
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    const type = isScript ? "text/javascript" : "text/html";
    response.writeHead(200, { "content-type": `${type}; charset=utf-8` });
    response.end(isScript ? code : html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
