import type { FermataError } from "../api-error";
import { createStore, type Store } from "../store";
import { createEmitter } from "./emitter";
import type { PeerRoomEvents, PeerRoomSnapshot, RoomStatus } from "./types";

/** Before a seat is taken. */
export const noRoom: PeerRoomSnapshot = {
  status: "idle",
  error: null,
  signaling: "offline",
  peerId: null,
  peers: [],
  relayProvider: null,
  nextTryAt: null,
  localStream: null,
};

/** What an app sees of the room: a snapshot that changes, and events. */
export class RoomState {
  readonly #store: ReturnType<typeof createStore<PeerRoomSnapshot>>;
  readonly #emitter = createEmitter<PeerRoomEvents>();
  readonly on = this.#emitter.on;
  readonly emit = this.#emitter.emit;
  readonly subscribe: Store<PeerRoomSnapshot>["subscribe"];
  /** While listeners are told nothing; they hear of it all afterwards. */
  #holdTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(localStream: MediaStream | null) {
    this.#store = createStore<PeerRoomSnapshot>({ ...noRoom, localStream });
    this.subscribe = (listener) =>
      this.#store.subscribe(() => {
        if (this.#holdTimer === null) listener();
      });
  }

  readonly getSnapshot = (): PeerRoomSnapshot => this.#store.getSnapshot();

  update(facts: Partial<PeerRoomSnapshot>): void {
    this.#store.set({ ...this.getSnapshot(), ...facts });
  }

  /** Listeners hear of what changes in one go: at `release`, or after so long. The snapshot is always true. */
  hold(mostMs: number): void {
    this.#holdTimer ??= setTimeout(() => this.release(), mostMs);
  }

  release(): void {
    if (this.#holdTimer === null) return;
    clearTimeout(this.#holdTimer);
    this.#holdTimer = null;
    this.update({});
  }

  setStatus(status: RoomStatus, error: FermataError | null = null): void {
    const previous = this.getSnapshot().status;
    this.update({ status, error, ...(status !== "full" && { nextTryAt: null }) });
    if (status !== previous) this.emit("status", { status, previous, error });
  }
}

/** What a room is for a peer to whom the server gives nothing any more. */
export function statusAfter({ code, details }: FermataError): RoomStatus {
  if (code === "ROOM_CLOSED") return "closed";
  const reason = details?.reason;
  if (reason === "kicked" || reason === "replaced") return reason;
  return reason === "timeout" ? "seat-lost" : "left";
}
