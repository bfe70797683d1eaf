import type { IceServer } from "@fermata/contract";

/** Drops URLs on port 53: browsers refuse to connect there, and waste seconds on finding that out. */
export function withoutPort53(servers: IceServer[]): IceServer[] {
  return servers.flatMap((server) => {
    const urls = [server.urls].flat().filter((url) => !/:53(\?|$)/.test(url));
    return urls.length > 0 ? [{ ...server, urls }] : [];
  });
}
