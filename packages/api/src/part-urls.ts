export interface CompletedPart {
  partNumber: number;
  /** As the store's header gives it, with its quotes. */
  etag: string;
  /** Base64; what to compare the file's bytes with before they are taken for sent. */
  md5?: string | undefined;
  /** Hex, in place of the MD5. */
  sha256?: string | undefined;
  /** By its ETag, or by the store. What an earlier session sent may not have been. */
  isCompared?: boolean;
}

export interface SignedPart {
  partNumber: number;
  url: string;
  headers: Record<string, string>;
}

export interface PartToSign {
  partNumber: number;
  /** Base64; the store compares it with what arrives. */
  md5?: string;
  /** Hex, in place of the MD5. */
  sha256?: string;
}

/** Signs parts, and tells the server which ones the store has taken since the last call. */
export type SignParts = (
  parts: PartToSign[],
  uploaded: CompletedPart[],
) => Promise<{ urls: SignedPart[] }>;

interface Waiting {
  part: PartToSign;
  resolve(signed: SignedPart): void;
  reject(error: unknown): void;
}

/** What is only to be reported waits so long for company: a reload sends twice what the store took within it. */
const reportMs = 250;

/**
 * Hands out signed URLs and reports finished parts, with one call under way at a time: what comes up meanwhile goes
 * together in the next. So the server knows of a part soon after the store does, and a reload sends little twice.
 */
export function createPartUrls(sign: SignParts) {
  let waiting: Waiting[] = [];
  let unreported: CompletedPart[] = [];
  let isCalling = false;
  let hasEnded = false;
  let reporting: ReturnType<typeof setTimeout> | undefined;

  return {
    of(part: PartToSign): Promise<SignedPart> {
      return new Promise((resolve, reject) => {
        waiting.push({ part, resolve, reject });
        void call();
      });
    },
    report(part: CompletedPart) {
      unreported.push(part);
      if (!isCalling) reportSoon();
    },
    /**
     * @param failed then what was not reported yet is: completion, which names all parts, does not come
     * @returns what is reported no more
     */
    end(failed: boolean): CompletedPart[] {
      hasEnded = true;
      clearTimeout(reporting);
      const left = failed ? [] : unreported;
      if (!failed) unreported = [];
      if (unreported.length > 0) void call();
      return left;
    },
  };

  function reportSoon(): void {
    if (!hasEnded) reporting ??= setTimeout(call, reportMs);
  }

  async function call(): Promise<void> {
    if (isCalling) return;
    isCalling = true;
    clearTimeout(reporting);
    reporting = undefined;
    // What is asked for in the same tick goes along.
    await Promise.resolve();
    let isHeard: boolean;
    do {
      isHeard = await callOnce();
    } while (waiting.length > 0 || (hasEnded && isHeard && unreported.length > 0));
    isCalling = false;
    // What was not heard goes with the next call.
    if (isHeard && unreported.length > 0) reportSoon();
  }

  async function callOnce(): Promise<boolean> {
    const [group, uploaded] = [waiting, unreported];
    [waiting, unreported] = [[], []];
    try {
      const { urls } = await sign(
        group.map(({ part }) => part),
        uploaded,
      );
      for (const one of group) settle(one, urls);
      return true;
    } catch (error) {
      for (const { reject } of group) reject(error);
      unreported.unshift(...uploaded);
      return false;
    }
  }
}

function settle({ part, resolve, reject }: Waiting, urls: SignedPart[]): void {
  const signed = urls.find(({ partNumber }) => partNumber === part.partNumber);
  if (signed) resolve(signed);
  else reject(new Error(`The server did not sign part ${part.partNumber}.`));
}
