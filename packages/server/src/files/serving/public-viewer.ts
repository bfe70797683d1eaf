const prefix = "instrument:";

/** The viewer in URLs of the documents of a published instrument: whoever reads its page. */
export function publicViewer(instrumentId: string): string {
  return `${prefix}${instrumentId}`;
}

/** The instrument whose page such a viewer reads; null for a user. */
export function instrumentOf(viewerId: string): string | null {
  return viewerId.startsWith(prefix) ? viewerId.slice(prefix.length) : null;
}
