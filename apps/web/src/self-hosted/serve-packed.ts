import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";

const types: Record<string, string> = {
  ".js": "application/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};
const prefix = "/_next/static/";

/**
 * Gives out the pages' scripts and styles as the build packed them, to whoever takes them so.
 * @param dir Next's folder of what never changes under its name
 * @returns whether it answered; what it leaves is Next's to answer
 */
export function servePacked(dir: string) {
  const packed = new Map<string, string>(
    namesIn(dir)
      .filter((name) => name.endsWith(".br"))
      .map((name) => [`${prefix}${name.slice(0, -".br".length)}`, join(dir, name)]),
  );
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const [path = ""] = request.url?.split("?") ?? [];
    const file = packed.get(path);
    const isAsked = request.method === "GET" || request.method === "HEAD";
    if (!file || !isAsked || !/\bbr\b/.test(request.headers["accept-encoding"] ?? "")) return false;
    void answer(request, response, { file, type: types[extname(path)] ?? "" });
    return true;
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { file, type }: { file: string; type: string },
): Promise<void> {
  try {
    const bytes = await readFile(file);
    response.writeHead(200, {
      "content-type": type,
      "content-encoding": "br",
      "content-length": bytes.length,
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      vary: "accept-encoding",
    });
    response.end(request.method === "HEAD" ? undefined : bytes);
  } catch {
    // Built anew under a server that runs: its pages name other files.
    response.writeHead(404, { "cache-control": "no-store" }).end();
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir, { recursive: true, encoding: "utf8" }).map((name) =>
      name.replaceAll("\\", "/"),
    );
  } catch {
    // Nothing was built: the development server.
    return [];
  }
}
