import type { SeenNumbers } from "./envelope";
import type { KeptSeats } from "./kept-seats";
import type { RoomSession, RoomSessionStore } from "./types";

/** Changes that come close together are written once. */
const saveAfterMs = 500;

/** Writes down where a seat stands, so that a reload continues there. */
export class SessionKeeper {
  /** What was heard last from each peer. */
  seen: SeenNumbers = {};
  readonly #store: RoomSessionStore | null;
  readonly #kept: KeptSeats | null;
  readonly #read: () => Omit<RoomSession, "seen"> | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param read what to write; null while there is no seat */
  constructor(
    { store, kept }: { store: RoomSessionStore | null; kept: KeptSeats | null },
    read: () => Omit<RoomSession, "seen"> | null,
  ) {
    this.#store = store;
    this.#kept = kept;
    this.#read = read;
  }

  load(): RoomSession | null {
    return this.#store?.load() ?? null;
  }

  /** This tab's own seat, or the one of a tab of this browser that crashed. */
  async find(): Promise<RoomSession | null> {
    return this.load() ?? (await this.#kept?.find()) ?? null;
  }

  saveSoon(): void {
    if (this.#store) this.#timer ??= setTimeout(() => this.save(), saveAfterMs);
  }

  save(): void {
    this.#stop();
    const facts = this.#read();
    if (!facts) return;
    const session = { ...facts, seen: this.seen };
    this.#store?.save(session);
    this.#kept?.keep(session);
  }

  /** Forgets the seat, unless another room of this tab took it over and wrote its own. */
  clear(seat: { peerId: string; resumeToken: string } | null): void {
    this.#stop();
    const isOurs = !seat || this.load()?.resumeToken === seat.resumeToken;
    if (isOurs) this.#store?.clear();
    if (seat) this.#kept?.drop(seat);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
