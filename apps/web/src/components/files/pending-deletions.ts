import { useSyncExternalStore } from "react";
import { toast } from "../../lib/toasts";

interface Deletable {
  storageId: string;
  name: string;
}

interface FailedDeletion extends Deletable {
  error: unknown;
}

interface PendingDeletions {
  /** Gone from the lists; still there on the server until the toast has gone. */
  hidden: ReadonlySet<string>;
  failed: readonly FailedDeletion[];
}

const nothing: PendingDeletions = { hidden: new Set(), failed: [] };

let current = nothing;
/** Those whose deletion has not been sent: what a page that closes still has to send. */
const unsent = new Set<string>();
const listeners = new Set<() => void>();

function set(next: PendingDeletions): void {
  current = next;
  for (const listener of listeners) listener();
}

interface DeletionPlan {
  send(storageId: string): Promise<unknown>;
  /** Has the lists read again. */
  refresh(): Promise<unknown>;
  text: string;
}

/**
 * Takes files out of the lists at once, and deletes them when the toast has gone: until then Undo brings them back, and
 * nothing has happened. They are deleted, too, when the page is left.
 */
export function deleteSoon(
  files: readonly Deletable[],
  { send, refresh, text }: DeletionPlan,
): void {
  const ids = files.map(({ storageId }) => storageId);
  hide(ids);
  for (const id of ids) unsent.add(id);
  const undo = () => {
    for (const id of ids) unsent.delete(id);
    show(ids);
  };
  const settle = async () => {
    // A page that closed and came back has sent them already.
    const due = files.filter(({ storageId }) => unsent.delete(storageId));
    const results = await Promise.allSettled(due.map(({ storageId }) => send(storageId)));
    const failed = due.flatMap((file, index) => {
      const result = results[index];
      return result?.status === "rejected" ? [{ ...file, error: result.reason }] : [];
    });
    if (failed.length > 0) set({ ...current, failed: [...current.failed, ...failed] });
    await refresh().catch(() => {});
    show(ids);
  };
  toast(text, undo, () => void settle());
}

export function dismissFailedDeletions(): void {
  set({ ...current, failed: [] });
}

function hide(ids: readonly string[]): void {
  set({ ...current, hidden: new Set([...current.hidden, ...ids]) });
}

function show(ids: readonly string[]): void {
  const gone = new Set(ids);
  set({ ...current, hidden: new Set([...current.hidden].filter((id) => !gone.has(id))) });
}

export function usePendingDeletions(): PendingDeletions {
  return useSyncExternalStore(subscribe, snapshot, () => nothing);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function snapshot(): PendingDeletions {
  return current;
}

/** Calls that one request carries. */
const callsPerRequest = 20;

/** Sends what is due by requests that outlive the page. */
export function sendUnsentDeletions(): Promise<unknown> {
  const ids = [...unsent];
  unsent.clear();
  const requests: Promise<unknown>[] = [];
  for (let at = 0; at < ids.length; at += callsPerRequest) {
    const some = ids.slice(at, at + callsPerRequest);
    const path = some.map(() => "files.delete").join(",");
    requests.push(
      fetch(`/api/trpc/${path}?batch=1`, {
        method: "POST",
        keepalive: true,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(Object.fromEntries(some.map((storageId, i) => [i, { storageId }]))),
      }),
    );
  }
  return Promise.allSettled(requests);
}

if (typeof window !== "undefined") {
  window.addEventListener("pagehide", () => void sendUnsentDeletions());
}
