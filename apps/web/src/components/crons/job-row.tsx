"use client";

import type { CronJob } from "@fermata/contract";
import { Pause, Play, StepForward } from "lucide-react";
import { useState } from "react";
import { cn } from "../../lib/cn";
import { formatRelative } from "../../lib/dates";
import { useShortcuts } from "../../lib/shortcuts";
import { Chip } from "../ui/chip";
import { FailureNote } from "../ui/failure";
import { IconButton } from "../ui/icon-button";
import { Time } from "../ui/time";
import { RunPicker } from "./outcome-strip";
import { RunDetail } from "./run-detail";
import { RunState } from "./run-state";
import { useCronActs } from "./use-cron-acts";

export const jobColumns =
  "grid grid-cols-[minmax(196px,1fr)_minmax(130px,188px)_116px_120px_minmax(150px,298px)_62px] gap-[18px] max-lg:grid-cols-[minmax(0,1fr)_auto] max-lg:gap-y-1.5";

interface JobRowProps {
  job: CronJob;
  now: Date;
  opened: boolean;
  open(name: string | null): void;
}

export function JobRow({ job, now, opened, open }: JobRowProps) {
  const [chosenRun, setChosenRun] = useState<string | null>(null);
  const acts = useCronActs(job.name, (runId) => {
    setChosenRun(runId);
    open(job.name);
  });
  const toggle = () => (job.paused ? acts.resume() : acts.pause());
  useShortcuts(opened ? { r: acts.run, p: toggle, escape: () => open(null) } : {});
  const runId = chosenRun ?? job.lastRun?.runId ?? null;
  const off = job.disabledReason !== null;

  return (
    <li className={cn("border-b", opened && "border-b-0")}>
      <div className={cn(jobColumns, "min-h-16 items-center py-2 text-sm max-lg:py-3")}>
        <div className="min-w-0">
          <div className="flex items-center gap-2">
            <button
              type="button"
              data-row={job.name}
              aria-expanded={opened}
              onClick={() => open(opened ? null : job.name)}
              className="min-w-0 truncate rounded-sm text-left font-[540] hover:underline hover:decoration-border-strong hover:underline-offset-4"
            >
              {job.name}
            </button>
            {job.paused && <Chip className="h-[18px] px-1.5">Paused</Chip>}
            {off && !job.paused && <Chip className="h-[18px] px-1.5">Off</Chip>}
          </div>
          <span
            className={cn(
              "block text-muted-foreground text-xs max-lg:hidden",
              !opened && "line-clamp-2",
            )}
            title={job.description}
          >
            {job.description}
          </span>
          <span className="block text-muted-foreground text-xs lg:hidden">
            {job.scheduleText}
            {job.nextRunAt && `, next ${formatRelative(new Date(job.nextRunAt), now)}`}
          </span>
        </div>
        <div className="min-w-0 max-lg:hidden">
          <span className="line-clamp-2" title={`${job.scheduleText}, UTC`}>
            {job.scheduleText}
          </span>
          <span className="mono block truncate text-[11px] text-muted-foreground leading-[18px]">
            {job.schedule}
          </span>
        </div>
        <div className="min-w-0 max-lg:hidden">
          <NextRun job={job} now={now} />
        </div>
        <div className="min-w-0 max-lg:hidden">
          {job.lastRun ? (
            <>
              <RunState run={job.lastRun} />
              <span className="block text-muted-foreground text-xs">
                <Time at={job.lastRun.startedAt} now={now} />
              </span>
            </>
          ) : (
            <span className="text-muted-foreground">Never ran</span>
          )}
        </div>
        <div className="min-w-0 max-lg:order-last max-lg:col-span-2">
          <RunPicker
            job={job}
            now={now}
            selectedId={opened ? runId : null}
            select={(id) => {
              setChosenRun(id);
              open(job.name);
            }}
          />
        </div>
        <div className="flex justify-end gap-0.5">
          <IconButton
            label={`Run ${job.name} now`}
            title={job.disabledReason ?? "Run now"}
            onClick={acts.run}
            disabled={acts.pending || off}
          >
            <Play />
          </IconButton>
          <IconButton
            label={`${job.paused ? "Resume" : "Pause"} ${job.name}`}
            title={job.paused ? "Resume" : "Pause"}
            onClick={toggle}
            disabled={acts.pending}
          >
            {job.paused ? <StepForward /> : <Pause />}
          </IconButton>
        </div>
      </div>
      {acts.error && (
        <FailureNote
          error={acts.error}
          className="mb-3 rounded-r-sm border-l-[3px] border-l-destructive bg-destructive-soft px-3 py-2 text-sm"
        />
      )}
      {opened && (
        <RunDetail job={job} now={now} runId={runId} run={acts.run} pending={acts.pending} />
      )}
    </li>
  );
}

function NextRun({ job, now }: { job: CronJob; now: Date }) {
  if (job.nextRunAt) {
    return (
      <>
        <Time at={job.nextRunAt} now={now} />
        <span className="block text-muted-foreground text-xs">
          {formatRelative(new Date(job.nextRunAt), now)}
        </span>
      </>
    );
  }
  return (
    <>
      {job.paused ? "Paused" : "Off"}
      {job.disabledReason && (
        <span className="block truncate text-muted-foreground text-xs" title={job.disabledReason}>
          {job.disabledReason}
        </span>
      )}
    </>
  );
}
