/** What was typed since the palette was asked for; null once it is there, or nobody asked. */
let typed: string | null = null;

function keep(event: KeyboardEvent): void {
  if (typed === null || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.key === "Backspace") typed = typed.slice(0, -1);
  else if (event.key.length === 1) typed += event.key;
  else if (event.key !== "Enter") return;
  // It is for the palette: neither a key of the page's, nor a press of what has the focus.
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** From now on keys are kept for the palette, whose script may still be on its way. */
export function keepTyping(): void {
  if (typed !== null) return;
  typed = "";
  window.addEventListener("keydown", keep, { capture: true });
}

/** Ends it. @returns what was typed meanwhile */
export function takeTyped(): string {
  window.removeEventListener("keydown", keep, { capture: true });
  const taken = typed ?? "";
  typed = null;
  return taken;
}
