import type { FermataCore } from "../create-core";
import { loadStreamReader } from "../links";
import type { StreamHandlers } from "./message-source";
import type { SharedStreams } from "./shared-streams";
import { streamMessages } from "./stream-messages";

/** The room's events: in the stream that the tabs of a browser share, or in one of its own where there are no tabs. */
export class RoomStream {
  readonly #client: FermataCore;
  #shared: SharedStreams | null = null;
  /** Null where nothing is shared, or once it is known. */
  #loading: Promise<void> | null = null;
  #endExpecting = () => {};

  constructor(client: FermataCore) {
    this.#client = client;
    if (typeof document === "undefined" || typeof BroadcastChannel === "undefined") return;
    // Here long before somebody has a seat. Without it this page has a stream of its own.
    this.#loading = Promise.all([import("./shared-streams"), loadStreamReader()]).then(
      ([{ sharedStreams }]) => {
        this.#shared = sharedStreams(client);
        this.#loading = null;
      },
      () => {
        this.#loading = null;
      },
    );
  }

  /** The stream is wanted soon: which tab carries it takes a while to find out. */
  expect(): void {
    this.endExpecting();
    let isOver = false;
    let end = () => {};
    this.#endExpecting = () => {
      isOver = true;
      end();
    };
    this.#whenLoaded(() => {
      if (!isOver) end = this.#shared?.expect() ?? end;
    });
  }

  endExpecting(): void {
    this.#endExpecting();
  }

  /** @returns what closes it */
  follow(
    seat: { roomId: string; roomToken: string; cursor: string },
    handlers: StreamHandlers,
  ): () => void {
    let isOver = false;
    let close = () => {};
    this.#whenLoaded(() => {
      if (isOver) return;
      close = this.#shared
        ? this.#shared.follow(seat, handlers)
        : streamMessages(this.#client.as(seat.roomToken).trpc.signaling, seat, handlers);
    });
    return () => {
      isOver = true;
      close();
    };
  }

  #whenLoaded(task: () => void): void {
    if (this.#loading) void this.#loading.then(task);
    else task();
  }
}
