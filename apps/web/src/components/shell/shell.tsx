"use client";

import { lazy, type ReactNode, useEffect, useRef, useState } from "react";
import { useWakeUp } from "../../lib/awake";
import { destinationsFor, settingsFor } from "../../lib/navigation";
import { awakeKey, runKey } from "../../lib/shortcuts";
import { useGo } from "../../lib/unsaved";
import { Toaster } from "../ui/toaster";
import { WhenOpened } from "../ui/when-opened";
import { DropZone } from "../uploads/drop-zone";
import { UnfinishedNote } from "../uploads/unfinished-note";
import { UploadTargetProvider } from "../uploads/upload-target";
import { UploadTray } from "../uploads/upload-tray";
import { DrawerSlot } from "./drawer";
import { KeysDialog } from "./keys-dialog";
import { LeaveDialog } from "./leave-dialog";
import { useReader } from "./me";
import { OfflineBar } from "./offline-bar";
import { BottomTabs, TopBar } from "./phone-bars";
import { Sidebar } from "./sidebar";
import { keepTyping, takeTyped } from "./typed-ahead";

const loadPalette = () => import("./palette");
/** What opens over a page, once somebody is there: whoever loses the network then can open it all the same. */
const loadOverlays = () => Promise.all([import("../ui/dialog-window"), import("../ui/open-menu")]);
const signsOfSomebody = ["pointermove", "pointerdown", "keydown"] as const;
const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }));

/** How long `G` waits for the letter of a page. */
const goWithinMs = 1500;

/** What stays while pages come and go: navigation, the upload tray, palette, keys and toasts. */
export function Shell({ children }: { children: ReactNode }) {
  const [palette, setPalette] = useState(false);
  // No state: all that is shown would be rendered once more as soon as it is there.
  const drawerSlot = useRef<HTMLDivElement>(null);
  const main = useRef<HTMLElement>(null);
  const showPalette = (open: boolean) => {
    // Until it is there and takes them, keys are kept for it.
    if (open) {
      keepTyping();
      loadPalette().catch(takeTyped);
    } else {
      takeTyped();
    }
    setPalette(open);
  };
  useWakeUp();
  useGlobalKeys(() => showPalette(!palette));
  useEffect(() => {
    const load = () => void loadOverlays().catch(() => {});
    for (const sign of signsOfSomebody) window.addEventListener(sign, load, { once: true });
    return () => {
      for (const sign of signsOfSomebody) window.removeEventListener(sign, load);
    };
  }, []);
  const openPalette = () => showPalette(true);
  return (
    <UploadTargetProvider>
      <a
        href="#main"
        className="-translate-y-20 absolute top-2 left-2 z-50 rounded-md bg-primary px-3 py-2 text-primary-foreground text-sm focus:translate-y-0"
      >
        Skip to the page
      </a>
      <div className="flex h-dvh flex-col overflow-hidden md:grid md:grid-cols-[14.5rem_minmax(0,1fr)]">
        <Sidebar openPalette={openPalette} />
        <TopBar openPalette={openPalette} />
        <div className="relative flex min-h-0 min-w-0 flex-1">
          <div className="flex min-w-0 flex-1 flex-col">
            <OfflineBar />
            <main
              ref={main}
              id="main"
              tabIndex={-1}
              className="scroll-quiet relative min-h-0 flex-1 overflow-y-auto outline-none"
            >
              <DrawerSlot value={drawerSlot}>{children}</DrawerSlot>
            </main>
            <Toaster />
            <UnfinishedNote />
            <UploadTray />
          </div>
          <div ref={drawerSlot} className="flex" />
          <DropZone />
        </div>
        <BottomTabs />
      </div>
      <WhenOpened open={palette}>
        <Palette open={palette} onOpenChange={showPalette} />
      </WhenOpened>
      <KeysDialog />
      <LeaveDialog />
    </UploadTargetProvider>
  );
}

/** ⌘K, `G` and a page's letter, and whatever the page on show has registered. */
function useGlobalKeys(togglePalette: () => void): void {
  const go = useGo();
  const reader = useReader();
  const goUntil = useRef(0);

  useEffect(() => {
    const pages = [...destinationsFor(reader), ...settingsFor(reader)];
    const pressed = (event: KeyboardEvent) => {
      // By the time that K is pressed, too, it may be there.
      if (event.key === "Meta" || event.key === "Control") void loadPalette();
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        togglePalette();
        return;
      }
      const key = awakeKey(event);
      if (!key) return;
      const going = Date.now() < goUntil.current;
      goUntil.current = key === "g" ? Date.now() + goWithinMs : 0;
      const page = going && pages.find((candidate) => candidate.key === key);
      if (page) go(page.href);
      if (page || runKey(key)) event.preventDefault();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
}
