import type { IncomingMessage, ServerResponse } from "node:http";
import type { OneTimeLink } from "./one-time-link";

/** What a console on an app's data has of the pages. The others are of the studio's own tables. */
export const consolePages = ["files", "media", "crons", "rooms", "health"];
const pages = new RegExp(`^/(?:${consolePages.join("|")})(?:/|$)`);
/** What these load, and what tells nothing. */
const assets = /^\/(?:_next\/|icon\.svg$|favicon\.ico$)/;
const home = "/files";

export interface Guard {
  link: OneTimeLink;
  /** Of this console, with its port: nobody may bring a browser here under another name. */
  hosts: readonly string[];
  basePath: string;
}

/**
 * Who may come in, asked before anything is answered.
 * @returns whether the request was answered here
 */
export function isTurnedAway(
  { link, hosts, basePath }: Guard,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { host = "", cookie } = request.headers;
  if (!hosts.includes(host)) return refuse(response, 403, "This console has another address.");
  const { pathname, searchParams } = new URL(request.url ?? "/", `http://${host}`);
  if (pathname === "/open" && request.method === "GET") {
    const setCookie = link.redeem(searchParams.get("key") ?? "");
    if (!setCookie)
      return refuse(response, 403, "This link was used, or is another console's. Start a new one.");
    return lead(response, { "set-cookie": setCookie });
  }
  if (!link.admits(cookie))
    return refuse(response, 401, "Open the link that the console printed when it started.");
  const isApi = pathname === basePath || pathname.startsWith(`${basePath}/`);
  // A page of another server on this machine has the cookie sent along, too.
  if (isApi && !isFromHere(request, host))
    return refuse(response, 403, "Only the console's own pages may ask.");
  if (pathname === "/") return lead(response);
  if (isApi || pages.test(pathname) || assets.test(pathname)) return false;
  return refuse(response, 404, "The console of an app's data has no such page.");
}

/** Browsers say where a request comes from. */
function isFromHere({ headers }: IncomingMessage, host: string): boolean {
  const site = headers["sec-fetch-site"];
  if (site) return site === "same-origin" || site === "none";
  return !headers.origin || headers.origin === `http://${host}`;
}

function lead(response: ServerResponse, headers: Record<string, string> = {}): true {
  response.writeHead(303, { ...common, location: home, ...headers }).end();
  return true;
}

function refuse(response: ServerResponse, status: 401 | 403 | 404, text: string): true {
  response.writeHead(status, { ...common, "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
  return true;
}

const common = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
