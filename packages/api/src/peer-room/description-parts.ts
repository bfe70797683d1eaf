import { limits } from "@fermata/contract";
import type { SignalBody } from "./signal";

/** Room for the envelope around a description. */
const wholeBytes = limits.signaling.payloadBytes - 4 * 1024;
/** A character is three bytes of UTF-8 at most, or two of an escape. */
const partChars = Math.floor(wholeBytes / 3);

/** Whether a body can travel in one message. */
export function fitsOneMessage(body: object): boolean {
  return new TextEncoder().encode(JSON.stringify(body)).length <= wholeBytes;
}

/** A description in as many messages as it takes: mostly one. */
export function inParts(body: SignalBody & { sdp: string }): SignalBody[] {
  if (fitsOneMessage(body)) return [body];
  const { sdp, ...head } = body;
  const count = Math.ceil(sdp.length / partChars);
  return Array.from({ length: count }, (_, index) => {
    const text = sdp.slice(index * partChars, (index + 1) * partChars);
    return { ...head, part: { index, count, text } };
  });
}

/** Puts the parts of one sender's descriptions together again. They come in order, or some are missing for good. */
export class PartCollector {
  #head = "";
  #parts: string[] = [];

  /** @returns the whole description, or the body as it is when it is no part; null while parts are missing */
  take(body: SignalBody): SignalBody | null {
    const { part, ...whole } = body;
    if (!part) return body;
    const head = `${body.me} ${body.offerId}`;
    if (part.index === 0 || head !== this.#head) this.#parts = [];
    this.#head = head;
    if (part.index !== this.#parts.length) return null;
    this.#parts.push(part.text);
    if (this.#parts.length < part.count) return null;
    return { ...whole, sdp: this.#parts.splice(0).join("") };
  }
}
