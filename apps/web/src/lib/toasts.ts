export interface Toast {
  id: number;
  text: string;
  /** Reversible acts happen at once and can be taken back. */
  undo?: () => void;
}

const mostAtOnce = 3;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function replace(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Says that something was done. What failed is said beside it instead. */
export function toast(text: string, undo?: () => void): void {
  replace([...toasts, { id: ++lastId, text, ...(undo && { undo }) }].slice(-mostAtOnce));
}

export function dismissToast(id: number): void {
  replace(toasts.filter((toast) => toast.id !== id));
}

export function subscribeToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function toastsSnapshot(): readonly Toast[] {
  return toasts;
}
