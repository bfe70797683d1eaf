export interface CompletedPart {
  partNumber: number;
  /** As the store's header gives it, with its quotes. */
  etag: string;
}

export interface SignedPart {
  partNumber: number;
  url: string;
  headers: Record<string, string>;
}

/** Signs parts, and tells the server which ones the store has taken since the last call. */
export type SignParts = (
  partNumbers: number[],
  uploaded: CompletedPart[],
) => Promise<{ urls: SignedPart[] }>;

/** Few enough that a reload sends little twice: the server learns of finished parts with each call. */
const partsPerCall = 8;

/** Hands out signed URLs, asked for in small groups shortly before they are needed, since they expire. */
export function createPartUrls(partNumbers: number[], sign: SignParts, aheadParts: number) {
  const signed = new Map<number, Promise<SignedPart | undefined>>();
  const indexOf = new Map(partNumbers.map((partNumber, index) => [partNumber, index]));
  let unreported: CompletedPart[] = [];

  return {
    of(partNumber: number): Promise<SignedPart> {
      const url = urlOf(partNumber);
      const ahead = partNumbers[(indexOf.get(partNumber) ?? 0) + aheadParts];
      // A failure to sign ahead is met again by the part that needs the URL.
      if (ahead !== undefined) urlOf(ahead).catch(() => {});
      return url;
    },
    /** The URL did not work: the next `of` signs again. */
    forget(partNumber: number) {
      signed.delete(partNumber);
    },
    report(part: CompletedPart) {
      unreported.push(part);
    },
  };

  async function urlOf(partNumber: number): Promise<SignedPart> {
    if (!signed.has(partNumber)) signGroup(partNumber);
    const url = await signed.get(partNumber);
    if (!url) throw new Error(`The server did not sign part ${partNumber}.`);
    return url;
  }

  /** Signs a part and those after it, as far as they need it. */
  function signGroup(firstPart: number) {
    const index = indexOf.get(firstPart) ?? 0;
    const group = partNumbers
      .slice(index, index + Math.max(partsPerCall, aheadParts))
      .filter((partNumber) => !signed.has(partNumber));
    const uploaded = unreported;
    unreported = [];
    const answer = sign(group, uploaded).catch((error: unknown) => {
      unreported.push(...uploaded);
      for (const partNumber of group) signed.delete(partNumber);
      throw error;
    });
    for (const partNumber of group) {
      const url = answer.then(({ urls }) => urls.find((one) => one.partNumber === partNumber));
      // Parts that never get their turn would leave an unhandled rejection.
      url.catch(() => {});
      signed.set(partNumber, url);
    }
  }
}
