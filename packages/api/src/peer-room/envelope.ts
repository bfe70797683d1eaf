/**
 * What the room puts around every payload: which page sent it, and its number there. A receiver whose place in the log
 * was lost, with a reload say, reads some of it twice; the number tells it what it heard before.
 */
export interface Envelope {
  fermata: [page: string, number: number];
  data: unknown;
}

/** Wraps what one page sends, in order. */
export function createWrapper(page: string): (data: unknown) => Envelope {
  let number = 0;
  return (data) => ({ fermata: [page, ++number], data });
}

/** The last number that came from each sender: `[page, number]` by peer. */
export type SeenNumbers = Record<string, [page: string, number: number]>;

/**
 * Takes what is inside, and remembers it in `seen`. Null for what came before.
 * A payload without an envelope is some other program's, and is taken as it is.
 */
export function unwrap(
  seen: SeenNumbers,
  from: string,
  payload: unknown,
): { data: unknown } | null {
  if (!isEnvelope(payload)) return { data: payload };
  const [page, number] = payload.fermata;
  const last = seen[from];
  if (last && last[0] === page && number <= last[1]) return null;
  seen[from] = [page, number];
  return { data: payload.data };
}

function isEnvelope(payload: unknown): payload is Envelope {
  if (typeof payload !== "object" || payload === null || !("fermata" in payload)) return false;
  const mark = payload.fermata;
  return Array.isArray(mark) && typeof mark[0] === "string" && typeof mark[1] === "number";
}
