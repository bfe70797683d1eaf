import type { ServerConfig } from "../context";
import { normalAddress } from "../limits/client-network";
import type { Connection } from "./connection";

/** What is read of a request's head: a `Request` has it, and Node's own gives it without becoming one. */
export interface RequestHead {
  method: string;
  /** With the scheme and host that the connection itself says. */
  url: string;
  /** What was asked for as it was written, where that is known: a URL is made of it only when it can be. */
  target?: string;
  headers: {
    get(name: string): string | null;
    /** All of them, for who needs a `Request` of it. */
    entries?(): Iterable<[string, string]>;
  };
}

export interface Trust {
  /**
   * How many proxies of ours a request passes: each adds one entry to X-Forwarded-For, -Host and -Proto, so that many
   * count from the right, and whatever stands before them the client invented. 0 believes none.
   */
  proxyHops: number;
  /** The header in which a platform writes the client's address, whatever the client sent. */
  addressHeader?: string | undefined;
}

/** The client's address as everybody writes it; empty where the host does not know it. */
export function clientAddressOf(
  { headers }: RequestHead,
  { remoteAddress = "" }: Connection,
  { proxyHops, addressHeader }: Trust,
): string {
  const told = addressHeader
    ? entryOf(headers.get(addressHeader), 1)
    : entryOf(headers.get("x-forwarded-for"), proxyHops);
  return (told && normalAddress(told)) ?? normalAddress(remoteAddress) ?? "";
}

/** The origin that the caller used: the files' own where it is that, else the configured one, else that of the request. */
export function originOf(
  config: Pick<ServerConfig, "publicOrigin" | "filesOrigin">,
  request: RequestHead,
  { proxyHops }: Trust,
): string {
  const { publicOrigin, filesOrigin } = config;
  if (filesOrigin && isForFiles(config, request, { proxyHops })) return filesOrigin;
  if (publicOrigin) return publicOrigin;
  const { headers, url } = request;
  const told = entryOf(headers.get("x-forwarded-host"), proxyHops);
  const host = told && isHost(told) ? told : (headers.get("host") ?? new URL(url).host);
  const proto = entryOf(headers.get("x-forwarded-proto"), proxyHops);
  const isKnown = proto === "http" || proto === "https";
  const scheme = isKnown ? proto : url.startsWith("https:") ? "https" : "http";
  return `${scheme}://${host}`;
}

/**
 * Whether any name that a request gives for its host is that of the files' own origin. Any: a page that is shown there
 * can add an X-Forwarded-Host of another name to what it asks, and a proxy may pass it on.
 */
export function isForFiles(
  { publicOrigin, filesOrigin }: Pick<ServerConfig, "publicOrigin" | "filesOrigin">,
  { headers, url }: RequestHead,
  { proxyHops }: Trust,
): boolean {
  if (!filesOrigin) return false;
  const names = [headers.get("host") ?? new URL(url).host];
  if (proxyHops > 0) names.push(...(headers.get("x-forwarded-host") ?? "").split(","));
  const { hostname, port, protocol } = parsed(filesOrigin);
  const defaultPort = protocol === "https:" ? "443" : "80";
  const filesPort = port || defaultPort;
  // Of a name that is the files' alone any port is theirs; two origins of one name differ by their ports.
  const isShared = publicOrigin ? parsed(publicOrigin).hostname === hostname : port !== "";
  return names.some((name) => {
    const [, given = "", givenPort = defaultPort] = /^(.*?)\.?(?::(\d*))?$/.exec(name.trim()) ?? [];
    return given.toLowerCase() === hostname && (!isShared || givenPort === filesPort);
  });
}

const origins = new Map<string, URL>();

/** The few origins of a configuration, taken apart once. */
function parsed(origin: string): URL {
  let url = origins.get(origin);
  if (!url) {
    url = new URL(origin);
    origins.set(origin, url);
  }
  return url;
}

/** What can stand between a URL's scheme and its path. */
export function isHost(text: string): boolean {
  return /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(text);
}

/** The entry that the outermost of our proxies wrote; the first where there are fewer. */
function entryOf(header: string | null, hops: number): string | null {
  if (!header || hops === 0) return null;
  const entries = header.split(",");
  return entries[Math.max(0, entries.length - hops)]?.trim() ?? null;
}
