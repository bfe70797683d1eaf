import { type Fermata, toFermataError } from "@fermata/api";
import { createStore, type Store } from "../store";

/** What is kept of a call. */
export interface KeptBytes {
  /** As it is called here: `Snapshot 1`. */
  title: string;
  filename: string;
  bytes: Blob;
  /** Called once it is somewhere else, or not wanted. */
  onSafe?: () => void;
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
    /** Kept by the browser: guests have no place on the server, and what failed can be saved here. */
    | "downloaded"
    /** There is nothing in it. */
    | "empty"
    /** An earlier page left it behind in this browser. */
    | "found";
  sentBytes: number;
  /** Why it failed, or where it was found. */
  message: string | null;
}

/** The client of whoever is signed in when it is asked; null while nobody is. */
type ClientOfNow = () => Pick<Fermata, "media"> | null;

export interface Keepsakes extends Pick<Store<readonly Keepsake[]>, "get" | "subscribe"> {
  /** Sends it to the server; for guests, who have no client, it gives it to the browser to keep. */
  add(kept: KeptBytes, clientOfNow: ClientOfNow | null): void;
  /** Shows what an earlier page left behind; it can be saved here. */
  offer(found: KeptBytes & { message: string }): void;
  retry(number: number): void;
  /** Gives it to the browser to keep. */
  save(number: number): void;
  /** Takes it off the list; what is still on its way is cancelled. */
  dismiss(number: number): void;
  /** Takes off the list what arrived somewhere. */
  tidy(): void;
  /** Whether something is nowhere but on this page. */
  isNeeded(): boolean;
}

/** The client's own retries bridge a minute; after that, this often. */
const againMs = 15_000;

/** What is kept of all calls of this page: it goes on whatever page of them is shown. */
export function createKeepsakes(): Keepsakes {
  const store = createStore<readonly Keepsake[]>([]);
  const clients = new Map<number, ClientOfNow>();
  const running = new Map<number, AbortController>();
  let taken = 0;

  const onSafe = new Map<number, () => void>();

  const find = (number: number) => store.get().find((item) => item.number === number);

  function patch(number: number, change: Partial<Keepsake>) {
    store.set(store.get().map((item) => (item.number === number ? { ...item, ...change } : item)));
  }

  function letGo(number: number) {
    onSafe.get(number)?.();
    onSafe.delete(number);
  }

  function put(kept: KeptBytes, status: Keepsake["status"], message: string | null) {
    const number = ++taken;
    const url = URL.createObjectURL(kept.bytes);
    if (kept.onSafe) onSafe.set(number, kept.onSafe);
    store.set([...store.get(), { ...kept, number, url, status, sentBytes: 0, message }]);
    return { number, url };
  }

  async function send(number: number) {
    const item = find(number);
    const clientOfNow = clients.get(number);
    if (!item || !clientOfNow || running.has(number)) return;
    const media = clientOfNow()?.media;
    if (!media) {
      patch(number, { status: "failed", message: "Sign in first." });
      return;
    }
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
      letGo(number);
    } catch (thrown) {
      const error = toFermataError(thrown);
      if (own.signal.aborted) return;
      const isAway = error.code === "NETWORK";
      patch(number, { status: isAway ? "waiting" : "failed", message: error.message });
      if (isAway) setTimeout(() => void sendWaiting(), againMs);
    } finally {
      running.delete(number);
    }
  }

  function markWaiting() {
    for (const { number, status } of store.get()) {
      if (status === "sending") patch(number, { status: "waiting" });
    }
  }
  function sendWaiting() {
    for (const { number, status } of store.get()) if (status === "waiting") void send(number);
  }
  addEventListener("offline", markWaiting);
  addEventListener("online", sendWaiting);

  function dismiss(number: number) {
    running.get(number)?.abort();
    clients.delete(number);
    letGo(number);
    const item = find(number);
    if (item) URL.revokeObjectURL(item.url);
    store.set(store.get().filter((other) => other.number !== number));
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    add(kept, clientOfNow) {
      const status = kept.bytes.size === 0 ? "empty" : clientOfNow ? "sending" : "downloaded";
      const { number, url } = put(kept, status, null);
      if (status === "sending" && clientOfNow) {
        clients.set(number, clientOfNow);
        void send(number);
        return;
      }
      if (status === "downloaded") download(url, kept.filename);
      letGo(number);
    },
    offer: ({ message, ...kept }) => void put(kept, "found", message),
    retry: (number) => void send(number),
    save(number) {
      const item = find(number);
      if (!item) return;
      download(item.url, item.filename);
      if (item.status !== "failed" && item.status !== "found") return;
      patch(number, { status: "downloaded" });
      letGo(number);
    },
    dismiss,
    tidy() {
      for (const { number, status } of store.get()) {
        if (status === "saved" || status === "downloaded" || status === "empty") dismiss(number);
      }
    },
    isNeeded: () =>
      store
        .get()
        .some(({ status }) => status === "sending" || status === "waiting" || status === "failed"),
  };
}

function download(url: string, filename: string) {
  const link = document.createElement("a");
  link.href = url;
  link.download = filename;
  link.click();
}
