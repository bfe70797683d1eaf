import { useState } from "react";
import { nothingSelected, selectTo, toggle, within } from "./selection";

export interface SelectionHook {
  ids: ReadonlySet<string>;
  has(id: string): boolean;
  toggle(id: string): void;
  /** Everything from the row that was chosen last. */
  selectTo(id: string): void;
  selectAll(): void;
  clear(): void;
}

/** Rows of a list that are chosen together; what leaves the list is no longer chosen. */
export function useSelection(order: readonly string[]): SelectionHook {
  const [selection, setSelection] = useState(nothingSelected);
  const { ids } = within(selection, order);
  return {
    ids,
    has: (id) => ids.has(id),
    toggle: (id) => setSelection((before) => toggle(within(before, order), id)),
    selectTo: (id) => setSelection((before) => selectTo(within(before, order), id, order)),
    selectAll: () => setSelection({ ids: new Set(order), anchor: order[0] ?? null }),
    clear: () => setSelection(nothingSelected),
  };
}
