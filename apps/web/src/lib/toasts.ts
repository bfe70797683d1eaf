export interface Toast {
  id: number;
  text: string;
  /** Reversible acts happen at once and can be taken back. */
  undo?: () => void;
  /** What was put off for as long as it could be taken back. */
  settle?: () => void;
}

const mostAtOnce = 3;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function replace(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/**
 * Says that something was done. What failed is said beside it instead.
 * `settle` runs once when the toast has gone and nobody pressed Undo: what cannot be taken back waits there.
 */
export function toast(text: string, undo?: () => void, settle?: () => void): void {
  const added = { id: ++lastId, text, ...(undo && { undo }), ...(settle && { settle }) };
  const crowded = [...toasts, added];
  replace(crowded.slice(-mostAtOnce));
  for (const { settle } of crowded.slice(0, -mostAtOnce)) settle?.();
}

export function dismissToast(id: number): void {
  const gone = toasts.find((toast) => toast.id === id);
  if (!gone) return;
  replace(toasts.filter((toast) => toast.id !== id));
  gone.settle?.();
}

export function undoToast(id: number): void {
  const gone = toasts.find((toast) => toast.id === id);
  if (!gone) return;
  replace(toasts.filter((toast) => toast.id !== id));
  gone.undo?.();
}

export function subscribeToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function toastsSnapshot(): readonly Toast[] {
  return toasts;
}
