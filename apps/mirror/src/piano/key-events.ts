import { highestMidi, isOnKeyboard, lowestMidi } from "./keyboard-layout";

/** What one player's piano says to the other. Velocities are 1 to 127. */
export type KeyChange =
  | { kind: "on"; midi: number; velocity: number }
  | { kind: "off"; midi: number }
  | { kind: "pedal"; down: boolean }
  /** Everything that is down now: sent when a channel opens, so that nothing hangs and nothing is missing. */
  | { kind: "held"; keys: readonly number[]; pedal: boolean };

export type KeyEvent = KeyChange & {
  /** Counts up by one with each event of a channel; the channel does not keep their order. */
  seq: number;
  /** On the sender's own monotonic clock: only differences mean anything. */
  sentAtMs: number;
};

const version = 1;
const kinds = ["on", "off", "pedal", "held"] as const;
const headBytes = 13;
const heldBytes = Math.ceil((highestMidi - lowestMidi + 1) / 8);
const bodyBytes = { on: 2, off: 1, pedal: 1, held: heldBytes + 1 };

/** Version and kind (1 byte), sequence (4), time (8), then what the kind needs: 14 to 25 bytes in all. */
export function encodeKeyEvent(event: KeyEvent): ArrayBuffer {
  const buffer = new ArrayBuffer(headBytes + bodyBytes[event.kind]);
  const view = new DataView(buffer);
  view.setUint8(0, (version << 4) | kinds.indexOf(event.kind));
  view.setUint32(1, event.seq);
  view.setFloat64(5, event.sentAtMs);
  if (event.kind === "on") {
    view.setUint8(headBytes, event.midi);
    view.setUint8(headBytes + 1, event.velocity);
  } else if (event.kind === "off") {
    view.setUint8(headBytes, event.midi);
  } else if (event.kind === "pedal") {
    view.setUint8(headBytes, Number(event.down));
  } else {
    for (const midi of event.keys.filter(isOnKeyboard)) {
      const bit = midi - lowestMidi;
      const at = headBytes + (bit >> 3);
      view.setUint8(at, view.getUint8(at) | (1 << (bit & 7)));
    }
    view.setUint8(headBytes + heldBytes, Number(event.pedal));
  }
  return buffer;
}

/** @returns null for whatever is no key event: the other side may be anybody's program */
export function decodeKeyEvent(data: unknown): KeyEvent | null {
  if (!(data instanceof ArrayBuffer) || data.byteLength < headBytes) return null;
  const view = new DataView(data);
  const first = view.getUint8(0);
  const kind = kinds[first & 15];
  if (first >> 4 !== version || !kind) return null;
  if (data.byteLength !== headBytes + bodyBytes[kind]) return null;
  const change = readChange(kind, view);
  const sentAtMs = view.getFloat64(5);
  if (!change || !Number.isFinite(sentAtMs)) return null;
  return { ...change, seq: view.getUint32(1), sentAtMs };
}

function readChange(kind: KeyChange["kind"], view: DataView): KeyChange | null {
  const body = view.getUint8(headBytes);
  if (kind === "pedal") return { kind, down: body === 1 };
  if (kind === "held") return { kind, keys: readHeld(view), pedal: readPedal(view) };
  if (!isOnKeyboard(body)) return null;
  if (kind === "off") return { kind, midi: body };
  const velocity = view.getUint8(headBytes + 1);
  return velocity >= 1 && velocity <= 127 ? { kind, midi: body, velocity } : null;
}

function readHeld(view: DataView): number[] {
  const keys: number[] = [];
  for (let midi = lowestMidi; midi <= highestMidi; midi++) {
    const bit = midi - lowestMidi;
    if ((view.getUint8(headBytes + (bit >> 3)) >> (bit & 7)) & 1) keys.push(midi);
  }
  return keys;
}

function readPedal(view: DataView): boolean {
  return view.getUint8(headBytes + heldBytes) === 1;
}
