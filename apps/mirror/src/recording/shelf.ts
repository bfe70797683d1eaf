import { openShelfStore, type ShelfRecord, type ShelfStore } from "./shelf-store";

/** What a page left behind that crashed, or was closed, before its recording was anywhere else. */
export interface Leftover {
  record: ShelfRecord;
  film: Blob;
  /** Takes it off the shelf. */
  remove(): void;
}

/** A recording that is being made, on the shelf. */
export interface Shelved {
  add(chunk: Blob): void;
  /** In the place of those before. */
  keepNotes(notes: Blob): void;
  remove(): void;
}

/** Puts a recording on this browser's shelf while it is made. Whatever fails there, the recording goes on. */
export function shelve(facts: Omit<ShelfRecord, "id" | "notes">): Shelved {
  const id = `${Date.now()}-${Math.random()}`;
  let count = 0;
  const opened = hold(id).then(async (release) => {
    if (!release) throw new Error("This browser has no locks.");
    const store = await openShelfStore();
    await store.put({ id, notes: null, ...facts });
    return { store, release };
  });
  let writing: Promise<unknown> = opened;
  writing.catch(() => {});
  // After one chunk that found no room the film would have a gap: nothing more is written.
  const write = (work: (store: ShelfStore) => Promise<unknown>) => {
    writing = writing.then(async () => work((await opened).store));
    writing.catch(() => {});
  };
  return {
    add: (chunk) => write((store) => store.addChunk(id, count++, chunk)),
    keepNotes: (notes) => write((store) => store.put({ id, notes, ...facts })),
    remove() {
      const written = writing.catch(() => {});
      void Promise.all([opened, written])
        .then(async ([{ store, release }]) => {
          await store.remove(id);
          release();
        })
        .catch(() => {});
    },
  };
}

/** What lies on the shelf and belongs to no page that is open. It is this page's from here on. */
export async function takeLeftovers(): Promise<Leftover[]> {
  try {
    const store = await openShelfStore();
    const found: Leftover[] = [];
    for (const record of await store.records()) {
      const release = await hold(record.id);
      if (!release) continue;
      const remove = () => void store.remove(record.id).then(release, release);
      found.push({ record, film: await store.film(record), remove });
    }
    return found;
  } catch {
    return [];
  }
}

/** A lock is let go of with its page, also when that crashes. @returns null where another page has it */
function hold(id: string): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    if (!navigator.locks) {
      resolve(null);
      return;
    }
    navigator.locks
      .request(`mirror.recording.${id}`, { ifAvailable: true }, (lock) => {
        if (lock) return new Promise<void>((release) => resolve(release));
        resolve(null);
      })
      .catch(reject);
  });
}
