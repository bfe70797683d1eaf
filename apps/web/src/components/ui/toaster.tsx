"use client";

import { CircleCheck, X } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useShortcuts } from "../../lib/shortcuts";
import {
  dismissToast,
  subscribeToasts,
  type Toast,
  toastsSnapshot,
  undoToast,
} from "../../lib/toasts";
import { Button } from "./button";
import { IconButton } from "./icon-button";
import { Kbd } from "./kbd";

const shownMs = 10_000;
const none: readonly Toast[] = [];

/** Bottom left of the page, over the uploads; one line, ten seconds; never for errors. */
export function Toaster() {
  const toasts = useSyncExternalStore(subscribeToasts, toastsSnapshot, () => none);
  const undoable = toasts.findLast((toast) => toast.undo);
  useShortcuts({
    z: () => {
      if (!undoable) return false;
      undoToast(undoable.id);
    },
  });
  return (
    <div className="relative z-30">
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none absolute bottom-4 left-4 grid w-[420px] max-w-[calc(100%-32px)] grid-cols-[minmax(0,1fr)] gap-2.5 max-md:w-full"
      >
        {toasts.map((toast) => (
          <ToastLine key={toast.id} toast={toast} />
        ))}
      </div>
    </div>
  );
}

function ToastLine({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismissToast(toast.id), shownMs);
    return () => clearTimeout(timer);
  }, [held, toast.id]);
  const dismiss = () => dismissToast(toast.id);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it waits while somebody reads.
    <div
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex animate-rise items-center gap-3 rounded-md border border-border-strong bg-popover py-2.5 pr-2.5 pl-3.5 text-popover-foreground text-sm shadow-overlay"
    >
      <CircleCheck aria-hidden="true" className="size-4 flex-none text-success" />
      <span className="line-clamp-2 min-w-0 flex-1 [overflow-wrap:anywhere]">{toast.text}</span>
      {toast.undo && (
        <Button size="sm" className="flex-none" onClick={() => undoToast(toast.id)}>
          Undo
          <Kbd className="max-md:hidden pointer-coarse:hidden">Z</Kbd>
        </Button>
      )}
      <IconButton label="Dismiss" onClick={dismiss}>
        <X />
      </IconButton>
    </div>
  );
}
