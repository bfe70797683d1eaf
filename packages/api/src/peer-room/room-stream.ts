import type { FermataCore } from "../create-core";
import { loadStreamReader } from "../links";
import type { SourceHandlers } from "./message-source";
import type { SharedStreams } from "./shared-streams";

type Streams = Pick<SharedStreams, "follow"> & Partial<Pick<SharedStreams, "expect">>;

/** The room's events: in the stream that the tabs of a browser share, or in one of its own where there are no tabs. */
export class RoomStream {
  /** Null until they are loaded, and where there are none. */
  #streams: Streams | null = null;
  #loading: Promise<void> | null;
  #endExpecting = () => {};

  constructor(client: FermataCore) {
    // Here long before somebody has a seat.
    this.#loading = findStreams(client)
      .then((streams) => {
        this.#streams = streams;
      })
      // Tabs that cannot speak to each other would each have a stream, and nothing else would get through: messages are pulled.
      .catch(() => {})
      .then(() => {
        this.#loading = null;
      });
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
      if (!isOver) end = this.#streams?.expect?.() ?? end;
    });
  }

  endExpecting(): void {
    this.#endExpecting();
  }

  /** @returns what closes it */
  follow(
    seat: { roomId: string; roomToken: string; cursor: string },
    handlers: SourceHandlers,
  ): () => void {
    let isOver = false;
    let close = () => {};
    this.#whenLoaded(() => {
      if (isOver) return;
      if (this.#streams) close = this.#streams.follow(seat, handlers);
      else handlers.onNone();
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

async function findStreams(client: FermataCore): Promise<Streams> {
  if (typeof document !== "undefined") {
    const [{ sharedStreams }] = await Promise.all([import("./shared-streams"), loadStreamReader()]);
    return sharedStreams(client);
  }
  const { streamMessages } = await import("./stream-messages");
  return {
    follow: (seat, handlers) =>
      streamMessages(client.as(seat.roomToken).trpc.signaling, seat, handlers),
  };
}
