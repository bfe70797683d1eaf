import { useEffect, useRef } from "react";
import { singleKeysEnabled } from "./preferences";

/** What a key does; `false` leaves it to whoever registered earlier. */
type KeyAction = () => unknown;
type KeyMap = Partial<Record<string, KeyAction>>;

const layers: { current: KeyMap }[] = [];

/**
 * Single keys of a page or component, by the name of `KeyboardEvent.key` in lower case.
 * The last one mounted is asked first. They sleep while somebody types and while a dialog is open.
 */
export function useShortcuts(keys: KeyMap): void {
  const layer = useRef(keys);
  useEffect(() => {
    layer.current = keys;
  });
  useEffect(() => {
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
    };
  }, []);
}

/** The key that was pressed, or null while single keys sleep or when the press belongs to something else. */
export function awakeKey(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return null;
  if (isTyping(event.target) || dialogOpen()) return null;
  const key = event.key.toLowerCase();
  if (key.length === 1 && !singleKeysEnabled()) return null;
  // Enter on a button or a link is theirs.
  const onControl = event.target instanceof Element && event.target.closest("a, button");
  return key === "enter" && onControl ? null : key;
}

/** @returns whether some layer acted on the key; the newest one that knows it is asked first */
export function runKey(key: string): boolean {
  return layers.toReversed().some((layer) => {
    const action = layer.current[key];
    return action !== undefined && action() !== false;
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("input:not([type=radio], [type=checkbox]), textarea, select"))
  );
}

function dialogOpen(): boolean {
  return (
    document.querySelector('[role="dialog"][data-modal], [role="alertdialog"], [role="menu"]') !==
    null
  );
}
