import type { RoomBus } from "../../ports/room-bus";
import { LocalReaders } from "./local-readers";

/** For one process alone: tests, and servers that will never have a second one. */
export function createInProcessRoomBus(): RoomBus {
  const readers = new LocalReaders();
  return {
    live: true,
    publish: (roomId, lastSeq) => readers.tell(roomId, lastSeq),
    subscribe: (roomId, onNews) => readers.add(roomId, onNews),
    async close() {
      readers.clear();
    },
  };
}
