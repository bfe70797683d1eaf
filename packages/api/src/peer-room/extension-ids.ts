const extension = /^a=extmap:(\d+)(?:\/\w+)? (\S+)/;

/**
 * An offer without the header extensions whose numbers mean something else in this connection already. Firefox numbers those of
 * a section that it adds by itself, also beside sections that Chromium numbered, and Chromium takes none of such an offer.
 * @param known descriptions that this connection has or had
 */
export function withoutClashingExtensions(
  offer: string,
  known: (RTCSessionDescription | null)[],
): string {
  const meanings = new Map<string, string>();
  for (const description of known) {
    for (const line of linesOf(description?.sdp ?? "")) {
      const [, id, uri] = extension.exec(line) ?? [];
      if (id && uri) meanings.set(id, uri);
    }
  }
  return linesOf(offer)
    .filter((line) => {
      const [, id, uri] = extension.exec(line) ?? [];
      return !id || (meanings.get(id) ?? uri) === uri;
    })
    .join("\r\n");
}

function linesOf(sdp: string): string[] {
  return sdp.split(/\r?\n/);
}
