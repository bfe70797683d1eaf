import type { FaultProxy } from "../setup/fault-proxy";

/** The uploads in parts that the store was asked to begin, and what became of them, as the way to the store saw it. */
export interface Multiparts {
  /** Begun, and neither completed nor aborted. */
  open(): string[];
  /** Begun by a request whose answer was lost: nobody but a sweep through the store can know of them. */
  unheardOf(): number;
}

export function followMultiparts(proxy: FaultProxy): Multiparts {
  const open = new Set<string>();
  const unheardOf = new Set<string>();
  proxy.listen(({ method, url, status, body, arrived }) => {
    if (status >= 300) return;
    const query = new URL(url, "http://store").searchParams;
    if (method === "POST" && query.has("uploads")) {
      const [, uploadId] = /<UploadId>([^<]+)<\/UploadId>/.exec(body) ?? [];
      if (uploadId) (arrived ? open : unheardOf).add(uploadId);
      return;
    }
    const uploadId = query.get("uploadId");
    if (uploadId && (method === "POST" || method === "DELETE")) open.delete(uploadId);
  });
  return { open: () => [...open], unheardOf: () => unheardOf.size };
}
