/** Says that a room has news. Carries ids and numbers only: readers read the rows themselves. */
export interface RoomBus {
  /**
   * Whether news from every process arrives by itself. While false, readers have to look for themselves now and then.
   */
  readonly live: boolean;
  /**
   * Call it after the commit.
   * @param lastSeq the number of the room's last message now
   */
  publish(roomId: string, lastSeq: number): void;
  /**
   * @param onNews gets the number of the room's last message, or null when something may have been missed
   * @returns a function that ends the subscription
   */
  subscribe(roomId: string, onNews: (lastSeq: number | null) => void): () => void;
  close(): Promise<void>;
}
