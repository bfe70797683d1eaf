import { type Fermata, toFermataError } from "@fermata/api";
import { createStore, type Store } from "../store";

export interface Snapshot {
  number: number;
  filename: string;
  picture: Blob;
  /** An object URL of the picture. */
  url: string;
  status:
    | "sending"
    /** The network is away; it goes on by itself. */
    | "waiting"
    | "saved"
    | "failed"
    /** Kept by the browser, for guests: they have no place on the server. */
    | "downloaded";
  sentBytes: number;
  totalBytes: number;
  /** Set once failed. */
  message: string | null;
}

export interface Snapshots extends Pick<Store<readonly Snapshot[]>, "get" | "subscribe"> {
  /** Sends a picture to the server, or gives it to the browser to keep. */
  add(picture: Blob, title: string): void;
  retry(number: number): void;
  /** Takes it off the list; what is still on its way is cancelled. */
  dismiss(number: number): void;
  /** Nothing more is taken or tried again; what is on its way arrives. */
  close(): void;
}

/** The client's own retries bridge a minute; after that, this often. */
const againMs = 15_000;

/** The pictures of one call. `client` is null for guests. */
export function createSnapshots(client: Pick<Fermata, "media"> | null): Snapshots {
  const store = createStore<readonly Snapshot[]>([]);
  const running = new Map<number, AbortController>();
  let taken = 0;
  let closed = false;

  const find = (number: number) => store.get().find((item) => item.number === number);
  const patch = (number: number, change: Partial<Snapshot>) =>
    store.set(store.get().map((item) => (item.number === number ? { ...item, ...change } : item)));

  async function send({ media }: Pick<Fermata, "media">, number: number) {
    const item = find(number);
    if (!item || closed || running.has(number)) return;
    const own = new AbortController();
    running.set(number, own);
    patch(number, { status: navigator.onLine ? "sending" : "waiting", message: null });
    try {
      await media.upload(item.picture, {
        filename: item.filename,
        visibility: "private",
        signal: own.signal,
        onProgress: ({ loadedBytes }) =>
          patch(number, { sentBytes: loadedBytes, status: "sending" }),
      });
      patch(number, { status: "saved", sentBytes: item.totalBytes });
    } catch (thrown) {
      const error = toFermataError(thrown);
      if (own.signal.aborted) return;
      const isAway = error.code === "NETWORK";
      patch(number, { status: isAway ? "waiting" : "failed", message: error.message });
      if (isAway) setTimeout(() => void send({ media }, number), againMs);
    } finally {
      running.delete(number);
    }
  }

  function markWaiting() {
    for (const { number, status } of store.get()) {
      if (status === "sending") patch(number, { status: "waiting" });
    }
  }
  const sendWaiting = () => {
    for (const { number, status } of store.get()) {
      if (client && status === "waiting") void send(client, number);
    }
  };
  addEventListener("offline", markWaiting);
  addEventListener("online", sendWaiting);

  return {
    get: store.get,
    subscribe: store.subscribe,
    add(picture, title) {
      const number = ++taken;
      const filename = `${title}, snapshot ${number}.jpg`;
      const url = URL.createObjectURL(picture);
      const item: Snapshot = {
        number,
        filename,
        picture,
        url,
        status: client ? "sending" : "downloaded",
        sentBytes: 0,
        totalBytes: picture.size,
        message: null,
      };
      store.set([...store.get(), item]);
      if (client) void send(client, number);
      else download(url, filename);
    },
    retry(number) {
      if (client) void send(client, number);
    },
    dismiss(number) {
      running.get(number)?.abort();
      const item = find(number);
      if (item) URL.revokeObjectURL(item.url);
      store.set(store.get().filter((other) => other.number !== number));
    },
    close() {
      removeEventListener("offline", markWaiting);
      removeEventListener("online", sendWaiting);
      closed = true;
    },
  };
}

function download(url: string, filename: string) {
  const link = document.createElement("a");
  link.href = url;
  link.download = filename;
  link.click();
}
