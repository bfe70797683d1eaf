import type { Room } from "@fermata/contract";

/** What to call a room: its name, or the beginning of its id. */
export function roomName({ name, roomId }: Pick<Room, "name" | "roomId">): string {
  return name ?? `Room ${roomId.slice(0, 6)}`;
}
