"use client";

import { useLayoutEffect, useRef } from "react";

/**
 * A browser takes the focus from whatever moves in the page.
 * @returns what to call before the order changes: what holds the focus then holds it afterwards, or, where it can be
 * pressed no more, the button beside it
 */
export function useKeptFocus(order: readonly string[]): () => void {
  const held = useRef<HTMLElement | null>(null);
  const shown = order.join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is to run when the order has changed.
  useLayoutEffect(() => {
    const { current } = held;
    const { activeElement } = document;
    // Whoever went on to something else is not called back. An order may change more than once: at the key, and by each answer.
    const isElsewhere = activeElement !== current && activeElement !== document.body;
    if (!current?.isConnected || isElsewhere) {
      held.current = null;
      return;
    }
    const step = current.dataset.step;
    const beside = step && current.parentElement?.querySelector(`[data-step="${-Number(step)}"]`);
    const target = current.matches(":disabled") ? beside : current;
    if (!(target instanceof HTMLElement)) return;
    held.current = target;
    if (target !== activeElement) target.focus();
  }, [shown]);
  return () => {
    const { activeElement } = document;
    held.current = activeElement instanceof HTMLElement ? activeElement : null;
  };
}
