import { type Fermata, toFermataError } from "@fermata/api";
import { createStore, type Store } from "../store";

/** What is kept of a call. */
export interface KeptBytes {
  /** As it is called here: `Snapshot 1`. */
  title: string;
  filename: string;
  bytes: Blob;
}

export interface Keepsake extends KeptBytes {
  number: number;
  /** An object URL of the bytes. */
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
  /** Set once failed. */
  message: string | null;
}

export interface Keepsakes extends Pick<Store<readonly Keepsake[]>, "get" | "subscribe"> {
  /** Sends it to the server, or gives it to the browser to keep. */
  add(kept: KeptBytes): void;
  retry(number: number): void;
  /** Takes it off the list; what is still on its way is cancelled. */
  dismiss(number: number): void;
  /** Whether the page is still needed for what is on its way. */
  isBusy(): boolean;
  /** Nothing more is taken; what is on its way arrives. */
  close(): void;
}

/** The client's own retries bridge a minute; after that, this often. */
const againMs = 15_000;

/** What is kept of one call. `client` is null for guests. */
export function createKeepsakes(client: Pick<Fermata, "media"> | null): Keepsakes {
  const store = createStore<readonly Keepsake[]>([]);
  const running = new Map<number, AbortController>();
  const listening = new AbortController();
  let taken = 0;
  let closed = false;

  const find = (number: number) => store.get().find((item) => item.number === number);
  const isBusy = () =>
    store.get().some(({ status }) => status === "sending" || status === "waiting");

  function patch(number: number, change: Partial<Keepsake>) {
    store.set(store.get().map((item) => (item.number === number ? { ...item, ...change } : item)));
    if (closed && !isBusy()) listening.abort();
  }

  async function send({ media }: Pick<Fermata, "media">, number: number) {
    const item = find(number);
    if (!item || running.has(number)) return;
    const own = new AbortController();
    running.set(number, own);
    patch(number, { status: navigator.onLine ? "sending" : "waiting", message: null });
    try {
      await media.upload(item.bytes, {
        filename: item.filename,
        visibility: "private",
        signal: own.signal,
        onProgress: ({ loadedBytes }) =>
          patch(number, { sentBytes: loadedBytes, status: "sending" }),
      });
      patch(number, { status: "saved", sentBytes: item.bytes.size });
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
  addEventListener("offline", markWaiting, listening);
  addEventListener("online", sendWaiting, listening);

  return {
    get: store.get,
    subscribe: store.subscribe,
    isBusy,
    add(kept) {
      const number = ++taken;
      const url = URL.createObjectURL(kept.bytes);
      const status = client ? "sending" : "downloaded";
      store.set([...store.get(), { ...kept, number, url, status, sentBytes: 0, message: null }]);
      if (client) void send(client, number);
      else download(url, kept.filename);
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
      closed = true;
      if (!isBusy()) listening.abort();
    },
  };
}

function download(url: string, filename: string) {
  const link = document.createElement("a");
  link.href = url;
  link.download = filename;
  link.click();
}
