import { FermataError } from "../api-error";
import type { ChannelData, ChannelOptions } from "./types";

/** WebRTC's limit, of a name in bytes and of how often data are sent again. */
const mostShort = 65_535;
/** In this mode a pair is one character: only half of one is found. */
const halfPair = /[\ud800-\udfff]/u;

/**
 * What browsers refuse when a channel is opened, which happens with each new connection.
 * @throws FermataError INVALID_INPUT
 */
export function checkChannel(name: string, { maxRetransmits = 0 }: ChannelOptions): void {
  if (typeof name !== "string" || halfPair.test(name) || bytesOf(name) > mostShort) {
    refuse("A channel's name is well-formed, and of at most 65,535 bytes.");
  }
  if (!Number.isInteger(maxRetransmits) || maxRetransmits < 0 || maxRetransmits > mostShort) {
    refuse("`maxRetransmits` is from 0 to 65,535.");
  }
}

/**
 * In bytes; of a text that is short in any case, in UTF-16 units.
 * @throws FermataError INVALID_INPUT for what is no text and no bytes
 */
export function sizeOf(data: ChannelData, limitBytes: number): number {
  if (typeof data === "string") return data.length * 3 <= limitBytes ? data.length : bytesOf(data);
  // Also of another window, whose classes are others.
  const isBuffer = Object.prototype.toString.call(data) === "[object ArrayBuffer]";
  if (isBuffer || ArrayBuffer.isView(data)) return data.byteLength;
  return refuse("A channel takes texts and bytes; `sendJson` takes values.");
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function refuse(message: string): never {
  throw new FermataError("INVALID_INPUT", message);
}
