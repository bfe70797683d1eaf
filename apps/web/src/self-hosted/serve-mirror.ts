import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { buildWhenAsked } from "./build-when-asked";
import { listen } from "./listen";
import { closeGracefully } from "./shutdown";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".map": "application/json",
};

export interface MirrorOptions {
  /** The folder of the app: its sources, and `dist` once it is built. */
  dir: string;
  host: string;
  port: number;
  /** The origin of the API for a page that was asked for by this host name. */
  apiOrigin(hostname: string): string;
}

export interface ServedMirror {
  port: number;
  close(): Promise<void>;
}

/**
 * Serves Piano Mirror from an origin of its own: a page may use camera and microphone there and has no part in the
 * console's session. It is built when it is first asked for, so that a first start does not wait for it.
 * @returns null where there is no such app
 */
export async function serveMirror(options: MirrorOptions): Promise<ServedMirror | null> {
  const { dir, host, port } = options;
  const isBuilt = () => existsSync(join(dir, "dist/index.html"));
  if (!isBuilt() && !existsSync(join(dir, "vite.config.ts"))) return null;
  const build = buildWhenAsked({
    name: "Piano Mirror",
    isBuilt,
    dir,
    command: [join(dir, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "error"],
    // The build of a page that is not told its server: it is told when it is served.
    env: { VITE_FERMATA_URL: "" },
    remedy: "npx -y pnpm --filter @fermata/mirror build",
  });
  const server = createServer((request, response) => {
    answer(request, response, options, build).catch(() => {
      if (!response.headersSent) end(response, 500, "Piano Mirror could not be shown.");
      else response.destroy();
    });
  });
  const close = closeGracefully(server);
  return { port: await listen(server, port, host), close };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { dir, apiOrigin }: MirrorOptions,
  build: () => Promise<string | null>,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return end(response, 405, "Only GET and HEAD.", { allow: "GET, HEAD" });
  }
  const [path = "/"] = (request.url ?? "/").split("?");
  // No dots but before an extension, so nothing outside of the folder can be named.
  if (!/^\/(?:[\w-]+\/)*(?:[\w-]+(?:\.[\w-]+)*)?$/.test(path))
    return end(response, 404, "Not found.");
  const failure = await build();
  if (failure !== null) return end(response, 503, failure, { "retry-after": "30" });
  const isPage = path === "/" || path === "/index.html";
  const file = await readFile(join(dir, "dist", isPage ? "index.html" : path)).catch(() => null);
  if (!file) return end(response, 404, "Not found.");

  const hostname = hostnameOf(request);
  const origin = apiOrigin(hostname);
  const body = isPage ? withServer(file.toString(), origin) : file;
  response.writeHead(200, {
    "content-type": types[isPage ? ".html" : extname(path)] ?? "application/octet-stream",
    "content-length": Buffer.byteLength(body),
    // The names of built files change with what is in them.
    "cache-control": path.startsWith("/assets/")
      ? "public, max-age=31536000, immutable"
      : "no-cache",
    "content-security-policy": contentSecurityPolicy(origin),
    "permissions-policy":
      "camera=(self), microphone=(self), display-capture=(self), midi=(self), autoplay=(self)",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Object stores and other servers are reached over HTTPS; inline styles place the keys. */
function contentSecurityPolicy(apiOrigin: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    `connect-src 'self' ${apiOrigin} https: http://127.0.0.1:* http://localhost:*`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The page knows its server by this, so nobody is asked for it. */
function withServer(html: string, origin: string): string {
  return html.replace(
    "</title>",
    `</title>\n    <meta name="fermata-server" content="${origin}" />`,
  );
}

function hostnameOf({ headers }: IncomingMessage): string {
  const address = `http://${headers.host ?? "localhost"}`;
  return URL.canParse(address) ? new URL(address).hostname : "localhost";
}

function end(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "x-content-type-options": "nosniff",
    ...headers,
  });
  response.end(text);
}
