"use client";

import type { CronJob } from "@fermata/contract";
import type { KeyboardEvent, PointerEvent } from "react";
import { cn } from "../../lib/cn";
import { formatWhen } from "../../lib/dates";

type Outcome = CronJob["recentRuns"][number];

const slots = 50;
/** Above the baseline the tallest bar has 14 px, below it a failure 10. */
const baseline = 17;

interface StripShape {
  /** Of a bar and of the gap after it. */
  bar: number;
  gap: number;
}

const wide: StripShape = { bar: 4, gap: 2 };
const narrow: StripShape = { bar: 3, gap: 1 };

interface OutcomeStripProps {
  runs: Outcome[];
  size?: "wide" | "narrow";
  selectedId?: string | null;
}

/** The last fifty runs, newest right, on a baseline; drawn at its own width, so that bars stay sharp. */
export function OutcomeStrip({ runs, size = "wide", selectedId }: OutcomeStripProps) {
  const shape = size === "wide" ? wide : narrow;
  const step = shape.bar + shape.gap;
  const width = slots * step - shape.gap;
  const longest = Math.max(1, ...runs.map(({ durationMs }) => durationMs ?? 0));
  const first = slots - runs.length;
  return (
    <svg
      role="img"
      aria-label={summarise(runs)}
      width={width}
      height="28"
      viewBox={`0 0 ${width} 28`}
      className="block max-w-full flex-none overflow-visible"
    >
      <title>{summarise(runs)}</title>
      <line
        x1="0"
        x2={width}
        y1={baseline + 0.5}
        y2={baseline + 0.5}
        className="stroke-border-strong"
      />
      {runs.map((run, index) => (
        <OutcomeMark
          key={run.runId}
          run={run}
          x={(first + index) * step}
          bar={shape.bar}
          longest={longest}
          selected={run.runId === selectedId}
        />
      ))}
    </svg>
  );
}

interface OutcomeMarkProps {
  run: Pick<Outcome, "status" | "durationMs">;
  x: number;
  bar: number;
  longest: number;
  selected?: boolean;
}

function OutcomeMark({ run, x, bar, longest, selected = false }: OutcomeMarkProps) {
  // The root keeps short runs visible beside long ones.
  const height = 6 + Math.round(8 * Math.sqrt((run.durationMs ?? 0) / longest));
  const dot = selected && (
    <circle
      cx={x + bar / 2}
      cy={run.status === "failed" ? 11 : -2}
      r="2.6"
      className="fill-foreground"
    />
  );
  return (
    <>
      {run.status === "succeeded" && (
        <rect x={x} y={baseline - height} width={bar} height={height} className="fill-chart-1" />
      )}
      {run.status === "failed" && (
        <rect x={x} y={baseline + 1} width={bar} height="10" className="fill-destructive" />
      )}
      {run.status === "skipped" && (
        <circle
          cx={x + bar / 2}
          cy="12"
          r={bar * 0.46}
          className="fill-card stroke-[1.1] stroke-muted-foreground"
        />
      )}
      {run.status === "lost" && (
        <rect
          x={x + 0.4}
          y="3.5"
          width={bar - 0.8}
          height="13"
          className="fill-transparent stroke-foreground"
        />
      )}
      {run.status === "running" && (
        <rect x={x} y={baseline - 14} width={bar} height="14" className="fill-warning-mark" />
      )}
      {dot}
    </>
  );
}

export function summarise(runs: Outcome[]): string {
  if (runs.length === 0) return "No runs yet";
  const count = (status: Outcome["status"]) => runs.filter((run) => run.status === status).length;
  const running = count("running") > 0 ? ", 1 running" : "";
  return `Last ${runs.length} runs: ${count("succeeded")} ok, ${count("failed")} failed, ${count("skipped")} skipped, ${count("lost")} lost${running}`;
}

interface RunPickerProps {
  job: CronJob;
  now: Date;
  selectedId: string | null;
  select(runId: string): void;
}

const words: Record<Outcome["status"], string> = {
  succeeded: "ok",
  failed: "failed",
  skipped: "skipped",
  lost: "lost",
  running: "running",
};

/** The strip as a control: arrows or a press move between runs. */
export function RunPicker({ job, now, selectedId, select }: RunPickerProps) {
  const runs = job.recentRuns;
  const index = runs.findIndex(({ runId }) => runId === selectedId);
  const current = runs[index < 0 ? runs.length - 1 : index];
  if (!current) return <OutcomeStrip runs={runs} />;

  const move = (to: number) => {
    const run = runs[Math.min(runs.length - 1, Math.max(0, to))];
    if (run) select(run.runId);
  };
  const pressed = (event: KeyboardEvent) => {
    const from = index < 0 ? runs.length - 1 : index;
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: runs.length - 1 }[
      event.key
    ];
    if (to === undefined) {
      if (event.key === "Enter") move(from);
      return;
    }
    event.preventDefault();
    move(to);
  };
  const pointed = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const slot = Math.floor(((event.clientX - left) / width) * slots);
    move(slot - (slots - runs.length));
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={`Runs of ${job.name}. ${summarise(runs)}`}
      aria-valuemin={1}
      aria-valuemax={runs.length}
      aria-valuenow={(index < 0 ? runs.length - 1 : index) + 1}
      aria-valuetext={`${formatWhen(new Date(current.slot), now)}, ${words[current.status]}`}
      onKeyDown={pressed}
      onPointerUp={pointed}
      className="w-fit max-w-full cursor-pointer touch-manipulation rounded-sm py-1"
    >
      <OutcomeStrip runs={runs} selectedId={selectedId} />
    </div>
  );
}

const legend = [
  ["succeeded", "Ok, height is duration"],
  ["failed", "Failed, below the line"],
  ["skipped", "Skipped"],
  ["lost", "Lost, no report back"],
  ["running", "Running"],
] as const;

export function OutcomeLegend({ className }: { className?: string }) {
  return (
    <ul
      className={cn(
        "flex flex-wrap items-center gap-x-5 gap-y-1 text-muted-foreground text-xs",
        className,
      )}
    >
      {legend.map(([status, text]) => (
        <li key={status} className="inline-flex items-center gap-1.5">
          <svg
            width="6"
            height="28"
            viewBox="0 0 6 28"
            aria-hidden="true"
            className="overflow-visible"
          >
            <OutcomeMark run={{ status, durationMs: 1 }} x={0} bar={4} longest={1.6} />
          </svg>
          {text}
        </li>
      ))}
    </ul>
  );
}
