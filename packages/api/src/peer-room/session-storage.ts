import type { RoomSession, RoomSessionStore } from "./types";

/** Keeps a room's session in this tab: null where there is no sessionStorage, or none may be used. */
export function createTabSession(roomId: string): RoomSessionStore | null {
  const storage = findStorage("sessionStorage");
  if (!storage) return null;
  const key = `fermata.room.${roomId}`;
  return {
    load() {
      try {
        return readSession(JSON.parse(storage.getItem(key) ?? "null"));
      } catch {
        return null;
      }
    },
    save(session) {
      try {
        storage.setItem(key, JSON.stringify(session));
      } catch {
        // A full storage costs the seat at the next reload, and nothing now.
      }
    },
    clear: () => storage.removeItem(key),
  };
}

/** Reading the property throws where cookies are blocked. */
export function findStorage(name: "localStorage" | "sessionStorage"): Storage | null {
  try {
    return globalThis[name] ?? null;
  } catch {
    return null;
  }
}

/** Null for what is no whole session. */
export function readSession(value: unknown): RoomSession | null {
  const session = value as RoomSession | null;
  const isWhole =
    typeof session?.peerId === "string" &&
    typeof session.resumeToken === "string" &&
    typeof session.cursor === "string" &&
    typeof session.seen === "object";
  return isWhole ? session : null;
}
