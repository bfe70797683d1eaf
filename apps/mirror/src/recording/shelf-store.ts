/** What is known of a recording on the shelf; its film lies beside it in chunks. */
export interface ShelfRecord {
  id: string;
  /** As it is called here: `Recording 1`. */
  title: string;
  /** Without the ending. */
  filename: string;
  filmType: string;
  /** In `Date.now()`. */
  startedAt: number;
  notes: Blob | null;
}

export type ShelfStore = Awaited<ReturnType<typeof openShelfStore>>;

const records = "records";
const chunks = "chunks";

let opened: Promise<IDBDatabase> | null = null;

/** The shelf in this browser's IndexedDB. @throws where there is none */
export async function openShelfStore() {
  opened ??= openDatabase();
  const database = await opened;
  const chunksOf = (id: string) => IDBKeyRange.bound([id, 0], [id, Number.POSITIVE_INFINITY]);

  function inBoth<Result>(
    mode: IDBTransactionMode,
    work: (at: (name: string) => IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> {
    const transaction = database.transaction([records, chunks], mode);
    const request = work((name) => transaction.objectStore(name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  return {
    put: (record: ShelfRecord) => inBoth("readwrite", (at) => at(records).put(record)),
    addChunk: (id: string, index: number, chunk: Blob) =>
      inBoth("readwrite", (at) => at(chunks).put(chunk, [id, index])),
    records: () => inBoth("readonly", (at) => at(records).getAll() as IDBRequest<ShelfRecord[]>),
    async film({ id, filmType }: ShelfRecord): Promise<Blob> {
      const parts = await inBoth(
        "readonly",
        (at) => at(chunks).getAll(chunksOf(id)) as IDBRequest<Blob[]>,
      );
      return new Blob(parts, { type: filmType });
    },
    remove: (id: string) =>
      inBoth("readwrite", (at) => {
        at(chunks).delete(chunksOf(id));
        return at(records).delete(id);
      }),
  };
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("mirror", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(records, { keyPath: "id" });
      request.result.createObjectStore(chunks);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
