import { useShortcuts } from "../../lib/shortcuts";

interface GridArrowsOptions {
  ids: readonly string[];
  openId: string | null;
  open(id: string): void;
}

/** Arrows move over the tiles as they lie; where details are open, these follow. J and K step in order. */
export function useGridArrows({ ids, openId, open }: GridArrowsOptions): void {
  const go = (id: string | undefined) => {
    const tile = id && tileOf(id);
    if (!tile) return;
    if (openId !== null) open(id);
    tile.focus();
  };
  const from = () => openId ?? document.activeElement?.getAttribute("data-row") ?? null;
  const sideways = (by: 1 | -1) => () => {
    const here = from();
    if (here === null) return false;
    const at = ids[ids.indexOf(here) + by];
    go(at);
    return true;
  };
  const across = (by: 1 | -1) => () => {
    const here = from();
    // Elsewhere the arrows scroll.
    if (here === null) return false;
    go(nearestInNextRow(ids, here, by));
    return true;
  };
  useShortcuts({
    arrowleft: sideways(-1),
    arrowright: sideways(1),
    arrowup: across(-1),
    arrowdown: across(1),
  });
}

function tileOf(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);
}

function nearestInNextRow(ids: readonly string[], here: string, by: 1 | -1): string | undefined {
  const start = tileOf(here)?.getBoundingClientRect();
  if (!start) return undefined;
  const distances = ids.flatMap((id) => {
    const box = tileOf(id)?.getBoundingClientRect();
    const down = box ? (box.top - start.top) * by : 0;
    // Rows count before columns: no grid is as wide as ten thousand pixels.
    return box && down > 1
      ? [{ id, distance: down * 10_000 + Math.abs(box.left - start.left) }]
      : [];
  });
  return distances.toSorted((a, b) => a.distance - b.distance)[0]?.id;
}
