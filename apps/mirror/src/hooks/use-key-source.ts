import { useEffect } from "react";
import type { Desk } from "../desk";
import { createComputerKeys } from "../piano/computer-keys";
import { type KeySource, resolveSource } from "../piano/key-source";
import { useStore } from "./use-store";

/** Lets the chosen keyboard play: a MIDI one, or the computer's own. */
export function useKeySource(desk: Desk): KeySource {
  const chosen = useStore(desk.source);
  const { inputs } = useStore(desk.midi);
  const source = resolveSource(chosen, inputs);
  const midiId = source.kind === "midi" ? source.id : null;

  useEffect(() => desk.midi.listenTo(midiId), [desk, midiId]);

  useEffect(() => {
    if (source.kind !== "computer") return;
    const keys = createComputerKeys(desk);
    const stop = new AbortController();
    const { signal } = stop;
    const down = (event: KeyboardEvent) => {
      if (!isTyping(event.target) && keys.down(event)) event.preventDefault();
    };
    addEventListener("keydown", down, { signal });
    addEventListener("keyup", (event) => keys.up(event), { signal });
    addEventListener("blur", () => keys.releaseAll(), { signal });
    return () => {
      stop.abort();
      keys.releaseAll();
    };
  }, [desk, source.kind]);

  return source;
}

/** Whether letters belong to a form, or to a dialog that lies over everything. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    document.querySelector("dialog[open]") !== null ||
    (target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]"))
  );
}
