import { useSearchParams } from "./address";
import { useShortcuts } from "./shortcuts";

interface OpenItem {
  openId: string | null;
  /** Opens one, or closes what is open. */
  open(id: string | null): void;
  /** Where the open one stands in the list; -1 when it is not there. */
  index: number;
  previous?: () => void;
  next?: () => void;
}

/**
 * Which row's details are open, kept in the page's address so that it can be linked to.
 * J and K, or the arrows, step through the rows; the names of rows carry
 * `data-row`, and what else holds focus in one stands inside `data-row-of`.
 */
export function useOpenItem(ids: readonly string[], param = "open"): OpenItem {
  const openId = useSearchParams().get(param);
  const index = openId === null ? -1 : ids.indexOf(openId);

  const open = (id: string | null) => {
    const url = new URL(window.location.href);
    if (id === null) url.searchParams.delete(param);
    else url.searchParams.set(param, id);
    window.history.replaceState(null, "", url);
    if (id === null && openId !== null) focusRow(openId);
  };
  const step = (by: 1 | -1) => {
    const focused = ids.indexOf(focusedRow() ?? "");
    const from = index >= 0 ? index : focused;
    const target = ids[from < 0 ? 0 : from + by];
    if (target === undefined) return;
    if (index >= 0) open(target);
    focusRow(target);
  };
  const arrow = (by: 1 | -1) => () => {
    // Elsewhere the arrows scroll.
    if (index < 0 && focusedRow() === null) return false;
    step(by);
  };
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    arrowdown: arrow(1),
    arrowup: arrow(-1),
  });

  const at = (position: number) => {
    const id = ids[position];
    return index >= 0 && id !== undefined ? () => open(id) : undefined;
  };
  return { openId, open, index, previous: at(index - 1), next: at(index + 1) };
}

/** The row that focus is in: on its name, or on what else it holds. */
export function focusedRow(): string | null {
  const row = document.activeElement?.closest("[data-row], [data-row-of]");
  return row?.getAttribute("data-row") ?? row?.getAttribute("data-row-of") ?? null;
}

export function focusRow(id: string): void {
  document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)?.focus();
}
