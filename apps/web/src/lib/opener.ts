/** For each dialog that has not given the focus back yet, what had it before; and what the dialog that closed last gave it back to. */
const openers = new Map<Element, HTMLElement[]>();
let last: { openers: HTMLElement[]; at: number } | null = null;
/** A menu or a palette that led here has closed a moment ago, at most. */
const handedOnWithinMs = 1_000;

/** Call it when `dialog` is about to take the focus. */
export function rememberOpener(dialog: Element): void {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || active === document.body) {
    // One that led here is gone, and gives back only after this one has opened.
    const handedOn = [...openers.values()].at(-1);
    const isRecent = last !== null && performance.now() - last.at < handedOnWithinMs;
    openers.set(dialog, handedOn ?? (isRecent && last ? last.openers : []));
    return;
  }
  // An item of a menu goes with its menu; the button that opened it stays.
  const menu = active.closest('[role="menu"]');
  const trigger = menu && document.getElementById(menu.getAttribute("aria-labelledby") ?? "");
  const under = active.closest("[data-modal]");
  openers.set(dialog, [
    active,
    ...(trigger ? [trigger] : []),
    ...(under ? (openers.get(under) ?? []) : []),
  ]);
}

/** Gives the focus back to what opened `dialog`, or to the page where that is gone. */
export function giveFocusBack(dialog: Element | null): void {
  const known = (dialog && openers.get(dialog)) ?? [];
  if (dialog) openers.delete(dialog);
  last = { openers: known, at: performance.now() };
  const opener = known.find((element) => element.isConnected && !element.matches(":disabled"));
  (opener ?? document.getElementById("main"))?.focus({ preventScroll: !opener });
}
