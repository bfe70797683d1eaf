import type { Emitter } from "./emitter";
import { unwrap } from "./envelope";
import type { RoomMessage } from "./message-source";
import { isAtOrBefore } from "./room-cursor";
import type { RoomLinks } from "./room-links";
import type { SessionKeeper } from "./session-keeper";
import { readSignal, type SignalKind } from "./signal";
import type { PeerRoomEvents } from "./types";

export const signalKinds = ["offer", "answer", "candidates"] satisfies SignalKind[];
/** What no app may send, nor hears of. */
export const ownKinds = [...signalKinds, "bye"];

export interface RoomInboxOptions {
  links: RoomLinks;
  session: SessionKeeper;
  emitter: Pick<Emitter<PeerRoomEvents>, "emit">;
  /** Where this page's part of the log begins; null without a seat. */
  seatCursor(): string | null;
  /** How far the log was read. */
  cursor(): string;
}

/** What comes from the room: who is there, what connections are made with, and what apps say to each other. */
export class RoomInbox {
  readonly #options: RoomInboxOptions;
  /** What came before the room is ready for it. */
  #held: RoomMessage[] | null = null;

  constructor(options: RoomInboxOptions) {
    this.#options = options;
  }

  /** Takes nothing until `release`. */
  hold(): void {
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const message of held) this.take(message);
  }

  take(message: RoomMessage): void {
    if (this.#held) {
      this.#held.push(message);
      return;
    }
    const { links, session, emitter } = this.#options;
    session.saveSoon();
    // From before this page came: only what apps say to each other still means something.
    const begin = this.#options.seatCursor();
    const isOld = begin !== null && isAtOrBefore(message.cursor, begin);
    if (/^(peer|room)\./.test(message.kind)) {
      if (!isOld) links.takePresence(message);
      return;
    }
    const { from, to, kind, sentAt } = message;
    const unwrapped = unwrap(session.seen, from, message.payload);
    if (!unwrapped) return;
    const signalKind = signalKinds.find((own) => own === kind);
    if (signalKind && !isOld) this.#takeSignal(from, signalKind, unwrapped.data);
    if (ownKinds.includes(kind)) return;
    emitter.emit("message", { from, to, kind, payload: unwrapped.data, sentAt });
  }

  /** How far this page knows what happened in the room. */
  readSoFar(): string {
    const cursor = this.#options.cursor();
    const begin = this.#options.seatCursor();
    return begin !== null && isAtOrBefore(cursor, begin) ? begin : cursor;
  }

  #takeSignal(from: string, kind: SignalKind, data: unknown): void {
    const signal = readSignal(data);
    if (!signal) return;
    const { seen, ...body } = signal;
    const begin = this.#options.seatCursor();
    // Meant for this participant's page of before: its sender gives that up once it hears of this one, whose offer it gets.
    const isOutdated = begin !== null && seen !== begin && isAtOrBefore(seen, begin);
    if (!isOutdated) this.#options.links.takeSignal(from, kind, body);
  }
}
