"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";

/** Forms in which something stands that is not saved. */
const forms = new Set<symbol>();
let ask: ((leave: () => void, staysOnPage?: boolean) => void) | null = null;
/** Of the page to whose history a second entry was added, so that Back is noticed before the page is left. */
let guardedPath: string | null = null;
/** Somebody said that what they typed may go. */
let leaving = false;

function isUnsaved(): boolean {
  return forms.size > 0 && !leaving;
}

/** Runs `leave` at once where nothing would be lost; else asks, and runs it once somebody says so. */
export function leaveIfSaved(leave: () => void): void {
  if (isUnsaved() && ask) ask(leave);
  else leave();
}

/**
 * While `dirty`, leaving the page asks first, whichever way: a link, a key, Back, closing the tab.
 * @returns what closes this form alone, asking first where something would be lost
 */
export function useUnsaved(dirty: boolean): (close: () => void) => void {
  const form = useRef<symbol>(null);
  form.current ??= Symbol("form");
  const { current } = form;
  useEffect(() => {
    if (!dirty) return;
    forms.add(current);
    leaving = false;
    guardBack();
    return () => {
      forms.delete(current);
    };
  }, [dirty, current]);
  return (close) => {
    if (forms.has(current) && ask) ask(close, true);
    else close();
  };
}

/** Goes to a page of the console, asking first where something would be lost. */
export function useGo(): (href: string) => void {
  const router = useRouter();
  return (href) => leaveIfSaved(() => router.push(href));
}

function guardBack(): void {
  const { state } = window.history;
  if (state?.fermataGuard) return;
  guardedPath = window.location.pathname;
  window.history.pushState({ ...state, fermataGuard: true }, "");
}

/** Watches every way out of the page. Once, by whoever shows the question. */
export function watchLeaving(show: (leave: () => void) => void): () => void {
  ask = (leave, staysOnPage = false) =>
    show(() => {
      leaving = !staysOnPage;
      leave();
    });
  // Whoever types again has something to lose again.
  const input = () => {
    leaving = false;
  };
  const unload = (event: BeforeUnloadEvent) => {
    if (isUnsaved()) event.preventDefault();
  };
  // Before the router's own handlers, which sit further in.
  const click = (event: MouseEvent) => {
    const link = leavingLink(event);
    if (!link || !isUnsaved()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask?.(() => link.click());
  };
  const back = (event: PopStateEvent) => {
    // Only the step from the second entry of the guarded page to its first is ours.
    if (guardedPath !== window.location.pathname || event.state?.fermataGuard || leaving) return;
    if (!isUnsaved()) {
      guardedPath = null;
      window.history.back();
      return;
    }
    guardBack();
    ask?.(() => window.history.go(-2));
  };
  window.addEventListener("beforeunload", unload);
  document.addEventListener("click", click, true);
  document.addEventListener("input", input, true);
  window.addEventListener("popstate", back);
  return () => {
    ask = null;
    window.removeEventListener("beforeunload", unload);
    document.removeEventListener("click", click, true);
    document.removeEventListener("input", input, true);
    window.removeEventListener("popstate", back);
  };
}

/** The link of a plain click that leads to another page in this tab. */
function leavingLink(event: MouseEvent): HTMLAnchorElement | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || (link.target && link.target !== "_self")) return null;
  if (link.hasAttribute("download")) return null;
  const to = new URL(link.href, window.location.href);
  const here = window.location;
  // Another origin asks by `beforeunload`.
  if (to.origin !== here.origin || to.pathname === here.pathname) return null;
  return link;
}
