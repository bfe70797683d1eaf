"use client";

import { ChevronDown, ChevronUp, X } from "lucide-react";
import {
  createContext,
  type ReactNode,
  type RefObject,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";
import { useShortcuts } from "../../lib/shortcuts";
import { IconButton } from "../ui/icon-button";

/** Where an open drawer is put: beside the page, not inside its scrolling part. */
export const DrawerSlot = createContext<RefObject<HTMLElement | null>>({ current: null });

interface DrawerProps {
  label: string;
  /** `1 of 214`. */
  position: string;
  previous?: () => void;
  next?: () => void;
  close(): void;
  children: ReactNode;
  /** The primary action stays at the foot. */
  foot: ReactNode;
}

/** Details of one row: beside the list on a desk, over everything on a phone. */
export function Drawer({ label, position, previous, next, close, children, foot }: DrawerProps) {
  const place = useContext(DrawerSlot);
  // A drawer that is open with its page is rendered before its place is there.
  const [slot, setSlot] = useState(place.current);
  useLayoutEffect(() => setSlot(place.current), [place]);
  const panel = useRef<HTMLElement>(null);
  useShortcuts({ escape: close });
  useEffect(() => {
    // Where it covers the list, focus must not stay beneath it.
    if (slot && matchMedia("(width < 70rem)").matches) panel.current?.focus();
  }, [slot]);
  if (!slot) return null;
  return createPortal(
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label={label}
      className="flex w-drawer animate-slide flex-col border-l bg-card outline-none max-lg:fixed max-lg:inset-y-0 max-lg:right-0 max-lg:z-30 max-lg:shadow-overlay max-md:w-full max-md:border-l-0"
    >
      <div className="flex flex-none items-center gap-2 pt-4 pr-3.5 pb-3 pl-[22px] max-md:py-1.5 max-md:pr-2 max-md:pl-4">
        <span className="flex-1 text-muted-foreground text-xs tabular-nums">{position}</span>
        <IconButton label="Previous" onClick={previous} disabled={!previous}>
          <ChevronUp />
        </IconButton>
        <IconButton label="Next" onClick={next} disabled={!next}>
          <ChevronDown />
        </IconButton>
        <IconButton label="Close the details" onClick={close}>
          <X />
        </IconButton>
      </div>
      <div className="scroll-quiet min-h-0 flex-1 overflow-y-auto">{children}</div>
      <div className="flex flex-none gap-2 border-t px-[22px] py-3 max-md:px-4 max-md:pb-[calc(12px+env(safe-area-inset-bottom))]">
        {foot}
      </div>
    </aside>,
    slot,
  );
}
