import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { buildWhenAsked } from "./build-when-asked";

/** How long whoever comes first looks at an empty page before being told what is going on. */
const patienceMs = 1_000;

const isDocs = (url = "/") => /^\/docs(?:[/?]|$)/.test(url);

/**
 * Serves the documentation below `/docs`, ahead of the app's pages. It is built when it is first asked for.
 * @returns what answers such a request, or says that it is another's; null where there is no documentation
 */
export function serveDocs(dir: string) {
  const isBuilt = () => existsSync(join(dir, "out/index.html"));
  if (!isBuilt() && !existsSync(join(dir, "astro.config.ts"))) return null;
  const build = buildWhenAsked({
    name: "The documentation",
    isBuilt,
    dir,
    command: [join(dir, "../../scripts/docs.mjs")],
    remedy: "npm run docs",
  });
  const site = createSite(join(dir, "out"), build);
  const answer = getRequestListener(site.fetch);
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (!isDocs(request.url)) return false;
    void answer(request, response);
    return true;
  };
}

function createSite(root: string, build: () => Promise<string | null>) {
  const site = new Hono();
  site.use(compress());
  site.use(async (context, next) => {
    const failure = await Promise.race([build(), tired()]);
    if (failure === "building") return context.html(pageWhileBuilding, 503, { "retry-after": "5" });
    if (failure !== null) return context.text(failure, 503, { "retry-after": "30" });
    await next();
    if (context.res.headers.get("content-type")?.startsWith("text/html")) {
      const html = await context.res.text();
      context.res = new Response(html, context.res);
      context.header("content-security-policy", policyFor(html));
    }
    // The names of built files change with what is in them.
    const isFixed = context.req.path.startsWith("/docs/_astro/");
    context.header("cache-control", isFixed ? "public, max-age=31536000, immutable" : "no-cache");
    context.header("x-content-type-options", "nosniff");
    context.header("referrer-policy", "strict-origin-when-cross-origin");
  });
  site.get("/docs", (context) => context.redirect("/docs/", 308));
  const rewriteRequestPath = (path: string) => path.replace(/^\/docs/, "");
  // It complains of a folder that is not there yet.
  let files: ReturnType<typeof serveStatic> | undefined;
  site.get("/docs/*", (context, next) => {
    files ??= serveStatic({ root, rewriteRequestPath });
    return files(context, next);
  });
  site.notFound(async (context) =>
    context.html(await readFile(join(root, "404.html"), "utf8"), 404),
  );
  return site;
}

const tired = () =>
  new Promise<"building">((resolve) => setTimeout(resolve, patienceMs, "building"));

const pageWhileBuilding = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Documentation</title>
<p role="status">The documentation is being built, once; that takes about a minute. This page comes back by itself.</p></html>`;

/** Only the scripts that were built run: the inline ones by their hashes. */
function policyFor(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)];
  const hashes = inline.map(([, script = ""]) => {
    return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
  });
  return [
    "default-src 'self'",
    // The search is WebAssembly.
    `script-src 'self' 'wasm-unsafe-eval' ${[...new Set(hashes)].join(" ")}`,
    "style-src 'self' 'unsafe-inline'",
    // What a reader gives to a component that is shown at work stays in the page.
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
