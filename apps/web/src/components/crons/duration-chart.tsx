"use client";

import type { CronJob } from "@fermata/contract";
import { formatWhen } from "../../lib/dates";
import { formatDuration } from "../../lib/format";

type Outcome = CronJob["recentRuns"][number];
type Timed = Outcome & { durationMs: number };

const width = 316;
const height = 74;
const top = 12;
const bottom = 58;

interface DurationChartProps {
  job: CronJob;
  now: Date;
  selectedId: string | null;
}

/** How long each of the last runs took, with the usual duration for a line to hold them against. */
export function DurationChart({ job, now, selectedId }: DurationChartProps) {
  const runs = job.recentRuns.filter(isTimed);
  if (runs.length < 2) return null;
  const durations = runs.map(({ durationMs }) => durationMs);
  const longest = Math.max(...durations, 1);
  const usual = durations.toSorted((a, b) => a - b)[durations.length >> 1] ?? 0;
  const x = (index: number) => 3 + (index / (runs.length - 1)) * (width - 6);
  const y = (ms: number) => bottom - (ms / longest) * (bottom - top);
  const label = `How long the last ${runs.length} runs took: usually ${formatDuration(usual)}, at most ${formatDuration(longest)}`;

  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      className="mt-3.5 block w-full max-w-[316px] text-2xs [&_text]:fill-muted-foreground [&_text]:tabular-nums"
    >
      <line
        x1="0"
        x2={width}
        y1={bottom + 0.5}
        y2={bottom + 0.5}
        className="stroke-border-strong"
      />
      <line
        x1="0"
        x2={width}
        y1={y(usual)}
        y2={y(usual)}
        className="stroke-chart-grid [stroke-dasharray:3_3]"
      />
      <polyline
        points={runs.map(({ durationMs }, index) => `${x(index)},${y(durationMs)}`).join(" ")}
        className="fill-none stroke-chart-1"
      />
      {runs.map((run, index) => (
        <circle
          key={run.runId}
          cx={x(index)}
          cy={y(run.durationMs)}
          r={run.runId === selectedId ? 3.4 : 1.8}
          className={run.status === "failed" ? "fill-destructive" : "fill-chart-1"}
        >
          <title>
            {formatWhen(new Date(run.slot), now)}: {formatDuration(run.durationMs)}
          </title>
        </circle>
      ))}
      <text x="0" y={height - 3}>
        usually {formatDuration(usual)}
      </text>
      <text x={width} y={height - 3} textAnchor="end">
        at most {formatDuration(longest)}
      </text>
    </svg>
  );
}

/** Runs that ended by themselves: a skipped or lost one has no duration worth the name. */
function isTimed(run: Outcome): run is Timed {
  return run.durationMs !== null && (run.status === "succeeded" || run.status === "failed");
}
