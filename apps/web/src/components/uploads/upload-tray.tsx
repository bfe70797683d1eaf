"use client";

import type { UploadItem } from "@fermata/api";
import { useUploadQueue } from "@fermata/api/react";
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useState } from "react";
import { usePathname } from "../../lib/address";
import { describeFailure } from "../../lib/describe-failure";
import { formatSpeed, formatTimeLeft, plural } from "../../lib/format";
import { largeUploads } from "../media/large-uploads";
import { Button } from "../ui/button";
import { IconButton } from "../ui/icon-button";
import { UploadRow } from "./upload-row";

/** Failures first, then what moves, then what waits. What is done or cancelled is only counted. */
const order: Partial<Record<UploadItem["status"], number>> = {
  failed: 0,
  uploading: 1,
  queued: 2,
  paused: 3,
};

/** Docked at the foot of every page, so that uploads survive navigation. */
export function UploadTray() {
  const queue = useUploadQueue();
  const [collapsed, setCollapsed] = useState(false);
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const { activeCount } = queue;
  useLeaveWarning(activeCount > 0);

  // The Media page shows large and alone what of its own is on its way.
  const isOnMedia = usePathname() === "/media";
  const large = isOnMedia ? largeUploads(queue.items) : [];
  const shown = queue.items
    .filter((item) => order[item.status] !== undefined && !dismissed.has(item.id))
    .filter((item) => !large.includes(item))
    .toSorted((a, b) => (order[a.status] ?? 0) - (order[b.status] ?? 0));
  const failed = shown.filter(({ status }) => status === "failed");
  const done = queue.items.filter(({ status }) => status === "done");
  const open = !collapsed && shown.length > 0;
  const allPaused = activeCount === 0 && queue.pausedCount > 0;
  const announcer = (
    <Announcer loaded={queue.loadedBytes} total={queue.totalBytes} failed={failed} />
  );
  if (shown.length + done.length === 0) return queue.items.length > 0 ? announcer : null;

  return (
    <section
      aria-label="Uploads"
      className="flex max-h-[45%] flex-none flex-col border-t border-t-foreground bg-card pb-[5px] shadow-tray"
    >
      <div className="flex flex-none flex-wrap items-center gap-x-3 py-[7px] pr-5 pl-10 text-sm max-lg:pl-7 max-md:pr-2 max-md:pl-4">
        <b className="font-semibold">Uploads</b>
        <span className="min-w-0 flex-1 text-muted-foreground text-xs tabular-nums">
          <Counts
            active={activeCount}
            paused={queue.pausedCount}
            failed={failed.length}
            done={done.length}
          />
          {queue.bytesPerSecond !== null && queue.secondsLeft !== null && (
            <>
              <span className="max-md:hidden">. {formatSpeed(queue.bytesPerSecond)}</span>,{" "}
              {formatTimeLeft(queue.secondsLeft)}
            </>
          )}
        </span>
        {activeCount + queue.pausedCount > 2 && (
          <Button variant="quiet" size="sm" onClick={allPaused ? queue.resumeAll : queue.pauseAll}>
            {allPaused ? "Resume all" : "Pause all"}
          </Button>
        )}
        {activeCount > 1 && (
          <Button variant="quiet" size="sm" onClick={queue.cancelAll}>
            Cancel all
          </Button>
        )}
        {done.length > 0 && shown.length > 0 && (
          <Button variant="quiet" size="sm" onClick={queue.clear}>
            {failed.length > 0 ? "Clear" : "Clear done"}
          </Button>
        )}
        {shown.length > 0 ? (
          <IconButton
            label={open ? "Collapse the uploads" : "Expand the uploads"}
            aria-expanded={open}
            onClick={() => setCollapsed(open)}
          >
            {open ? <ChevronDown /> : <ChevronUp />}
          </IconButton>
        ) : (
          <IconButton label="Dismiss the uploads" onClick={queue.clear}>
            <X />
          </IconButton>
        )}
      </div>
      {open && (
        // Five lines at most; the others are a scroll away.
        <ul className="scroll-quiet max-h-[218px] min-h-0 overflow-y-auto">
          {shown.map((item) => (
            <UploadRow
              key={item.id}
              item={item}
              dismiss={() => setDismissed(new Set([...dismissed, item.id]))}
            />
          ))}
        </ul>
      )}
      {announcer}
    </section>
  );
}

interface CountsProps {
  active: number;
  paused: number;
  failed: number;
  done: number;
}

function Counts({ active, paused, failed, done }: CountsProps) {
  const pieces = [
    active > 0 && `${active} going`,
    paused > 0 && `${paused} paused`,
    failed > 0 && (
      <span key="failed" className="font-medium text-destructive">
        {failed} failed
      </span>
    ),
    done > 0 && `${done} done`,
  ].filter((piece) => piece !== false);
  return pieces.map((piece, index) => [index > 0 && ", ", piece]);
}

/** Says progress at quarters, and failures at once. */
function Announcer({
  loaded,
  total,
  failed,
}: {
  loaded: number;
  total: number;
  failed: UploadItem[];
}) {
  const quarter = total > 0 ? Math.floor((loaded / total) * 4) * 25 : 0;
  const last = failed.at(-1);
  return (
    <div role="status" className="sr-only">
      {last
        ? `${plural(failed.length, "upload")} failed. ${last.filename}: ${describeFailure(last.error).title}`
        : `Uploads ${quarter}%`}
    </div>
  );
}

/** An upload ends with its tab, so closing asks first. */
function useLeaveWarning(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [active]);
}
