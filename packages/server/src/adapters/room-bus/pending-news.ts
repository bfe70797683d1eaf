/** pg_notify takes 7,999 bytes. */
const maxPayloadChars = 7_500;
const maxRooms = 10_000;

/** News not yet announced to other processes: the latest number of each room. */
export class PendingNews {
  readonly #rooms = new Map<string, number>();
  #everything = false;

  add(roomId: string, lastSeq: number): void {
    if (this.#everything) return;
    if (this.#rooms.size >= maxRooms) {
      this.addEverything();
      return;
    }
    this.#rooms.set(roomId, Math.max(lastSeq, this.#rooms.get(roomId) ?? 0));
  }

  /** Instead of more rooms than anyone should keep: "look at every room". */
  addEverything(): void {
    this.#everything = true;
    this.#rooms.clear();
  }

  /** Takes out as much as fits into one announcement: `roomId:lastSeq`, or `*` for every room. */
  take(): string[] {
    if (this.#everything) {
      this.#everything = false;
      return ["*"];
    }
    const news: string[] = [];
    let chars = 0;
    for (const [roomId, lastSeq] of this.#rooms) {
      const item = `${roomId}:${lastSeq}`;
      chars += item.length + 1;
      if (chars > maxPayloadChars) break;
      news.push(item);
      this.#rooms.delete(roomId);
    }
    return news;
  }
}
