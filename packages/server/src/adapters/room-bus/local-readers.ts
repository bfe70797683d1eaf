import type { RoomBus } from "../../ports/room-bus";

type OnNews = Parameters<RoomBus["subscribe"]>[1];

/** Who in this process follows which room. */
export class LocalReaders {
  readonly #rooms = new Map<string, Set<OnNews>>();

  add(roomId: string, onNews: OnNews): () => void {
    const readers = this.#rooms.get(roomId) ?? new Set();
    this.#rooms.set(roomId, readers);
    readers.add(onNews);
    return () => {
      readers.delete(onNews);
      if (readers.size === 0 && this.#rooms.get(roomId) === readers) this.#rooms.delete(roomId);
    };
  }

  tell(roomId: string, lastSeq: number | null): void {
    for (const onNews of this.#rooms.get(roomId) ?? []) onNews(lastSeq);
  }

  /** Something may have been missed, in any room. */
  tellAll(): void {
    for (const roomId of this.#rooms.keys()) this.tell(roomId, null);
  }

  clear(): void {
    this.#rooms.clear();
  }
}
