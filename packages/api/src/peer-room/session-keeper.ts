import type { SeenNumbers } from "./envelope";
import type { RoomSession, RoomSessionStore } from "./types";

/** Changes that come close together are written once. */
const saveAfterMs = 500;

/** Writes down where a seat stands, so that a reload continues there. */
export class SessionKeeper {
  /** What was heard last from each peer. */
  seen: SeenNumbers = {};
  readonly #store: RoomSessionStore | null;
  readonly #read: () => Omit<RoomSession, "seen"> | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param read what to write; null while there is no seat */
  constructor(store: RoomSessionStore | null, read: () => Omit<RoomSession, "seen"> | null) {
    this.#store = store;
    this.#read = read;
  }

  load(): RoomSession | null {
    return this.#store?.load() ?? null;
  }

  saveSoon(): void {
    if (this.#store) this.#timer ??= setTimeout(() => this.save(), saveAfterMs);
  }

  save(): void {
    this.#stop();
    const facts = this.#read();
    if (facts) this.#store?.save({ ...facts, seen: this.seen });
  }

  /** Forgets the seat, unless another room of this tab took it over and wrote its own. */
  clear(resumeToken: string | undefined): void {
    this.#stop();
    const isOurs = resumeToken === undefined || this.load()?.resumeToken === resumeToken;
    if (isOurs) this.#store?.clear();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
