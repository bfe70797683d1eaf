import { limits } from "@fermata/contract";
import { findStorage, readSession } from "./session-storage";
import type { RoomSession } from "./types";
import { wait } from "./wait";

/** Seats of this browser, kept where a new tab finds those whose tab is no more. */
export interface KeptSeats {
  /** The seat of a tab that crashed, if there is one in this room. */
  find(): Promise<RoomSession | null>;
  keep(session: RoomSession): void;
  /** For a seat that is given up, or was taken over. */
  drop(seat: { peerId: string; resumeToken: string }): void;
}

/** A lock is given in a few; a join waits no longer for a seat of before. */
const answerMs = 1_000;

/**
 * Of a room: in localStorage, each under a lock that its tab holds while it lives. Null where there is neither, since
 * without a lock a second tab could not be told from one that comes after a crash.
 */
export function createKeptSeats(roomId: string): KeptSeats | null {
  const storage = findStorage("localStorage");
  const locks = globalThis.navigator?.locks;
  if (!storage || !locks || typeof document === "undefined") return null;
  const prefix = `fermata.seat.${roomId}.`;
  let held: { peerId: string; release(): void } | null = null;

  const hold = (peerId: string) => {
    held?.release();
    let release = () => {};
    const isOver = new Promise<void>((resolve) => {
      release = resolve;
    });
    held = { peerId, release };
    // A tab that takes a seat over from another waits here until that one has heard of it.
    locks.request(prefix + peerId, () => isOver).catch(() => {});
  };

  return {
    async find() {
      const names = Object.keys(storage).filter((name) => name.startsWith(prefix));
      for (const name of names) {
        const { session, savedAtMs } = read(storage, name);
        if (!session || Date.now() - savedAtMs > limits.signaling.roomSeconds * 1000) {
          storage.removeItem(name);
          continue;
        }
        if (!(await isAlive(locks, name))) return session;
      }
      return null;
    },
    keep(session) {
      if (held?.peerId !== session.peerId) hold(session.peerId);
      try {
        const kept = { ...session, savedAtMs: Date.now() };
        storage.setItem(prefix + session.peerId, JSON.stringify(kept));
      } catch {
        // A full storage costs the seat after a crash, and nothing now.
      }
    },
    drop({ peerId, resumeToken }) {
      if (held?.peerId === peerId) {
        held.release();
        held = null;
      }
      const name = prefix + peerId;
      if (read(storage, name).session?.resumeToken === resumeToken) storage.removeItem(name);
    },
  };
}

/** A tab that holds the lock. Where none is given, nobody can tell. */
async function isAlive(locks: LockManager, name: string): Promise<boolean> {
  const isHeld = locks.request(name, { ifAvailable: true }, async (lock) => !lock);
  return Promise.race([isHeld, wait(answerMs).then(() => true)]).catch(() => true);
}

function read(storage: Storage, name: string) {
  try {
    const value = JSON.parse(storage.getItem(name) ?? "null");
    return { session: readSession(value), savedAtMs: Number(value?.savedAtMs ?? 0) };
  } catch {
    return { session: null, savedAtMs: 0 };
  }
}
