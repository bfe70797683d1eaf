"use client";

import type { CronRun } from "@fermata/contract";
import { cn } from "../../lib/cn";
import { formatDuration } from "../../lib/format";
import { Time } from "../ui/time";
import { durationOf, RunState } from "./run-state";

interface RunListProps {
  runs: CronRun[];
  now: Date;
  selectedId: string | null;
  select(runId: string): void;
}

const columns =
  "grid px-2 grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)_84px_64px] items-center gap-3 max-md:grid-cols-[minmax(0,1fr)_auto]";

/** Every run that is kept, newest first. */
export function RunList({ runs, now, selectedId, select }: RunListProps) {
  return (
    <>
      <div
        aria-hidden="true"
        className={cn(columns, "min-h-[30px] border-b text-muted-foreground text-xs max-md:hidden")}
      >
        <span>Slot</span>
        <span>State</span>
        <span className="text-right">Took</span>
        <span className="text-right">Attempt</span>
      </div>
      <ul>
        {runs.map((run) => {
          const duration = run.status === "skipped" ? null : durationOf(run);
          return (
            <li key={run.runId} className="border-b">
              <button
                type="button"
                data-row={run.runId}
                aria-current={run.runId === selectedId}
                onClick={() => select(run.runId)}
                className={cn(
                  columns,
                  "min-h-9 w-full py-1.5 text-left text-sm hover:bg-muted max-md:min-h-11",
                  run.runId === selectedId && "bg-accent text-accent-foreground",
                )}
              >
                <span className="min-w-0 truncate">
                  <Time at={run.slot} now={now} />
                  {run.trigger === "manual" && (
                    <span className="ml-2 text-muted-foreground text-xs">by hand</span>
                  )}
                </span>
                <RunState run={run} short />
                <span className="text-right tabular-nums max-md:hidden">
                  {duration === null ? "" : formatDuration(duration)}
                </span>
                <span className="text-right text-muted-foreground tabular-nums max-md:hidden">
                  {run.attempt > 1 ? run.attempt : ""}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}
