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
    held.current = null;
    if (!current?.isConnected) return;
    const step = current.dataset.step;
    const beside = step && current.parentElement?.querySelector(`[data-step="${-Number(step)}"]`);
    const target = current.matches(":disabled") ? beside : current;
    if (target instanceof HTMLElement && target !== document.activeElement) target.focus();
  }, [shown]);
  return () => {
    const { activeElement } = document;
    held.current = activeElement instanceof HTMLElement ? activeElement : null;
  };
}
