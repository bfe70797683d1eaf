import type { RoomMessage } from "@fermata/contract";

/** One event of a stream. A message is one object for all readers of its room, and is put into bytes once. */
export interface RoomEvent<Data = RoomMessage | { kind: "reset"; cursor: string }> {
  /** The cursor to resume from. */
  id: string;
  data: Data;
  /** Its bytes on a wire, kept by whoever wrote it first. */
  frame?: Buffer;
}
