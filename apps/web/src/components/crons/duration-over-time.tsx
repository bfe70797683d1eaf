"use client";

import type { CronRun } from "@fermata/contract";
import { formatDay, formatWhen } from "../../lib/dates";
import { formatDuration } from "../../lib/format";
import { niceStep } from "../../lib/nice-step";
import { Chart, ChartLines } from "../ui/chart";
import { durationOf } from "./run-state";

interface DurationOverTimeProps {
  /** Newest first. */
  runs: CronRun[];
  now: Date;
  selectedId: string | null;
  select(runId: string): void;
}

const height = 190;
const top = 14;
const bottom = 158;
const left = 58;

/** How long runs took, by when they were; each is a dot that can be chosen, and the line is what is usual. */
export function DurationOverTime({ runs, now, selectedId, select }: DurationOverTimeProps) {
  const timed = runs
    .filter(({ status }) => status === "succeeded" || status === "failed")
    .map((run) => ({ run, at: Date.parse(run.startedAt), ms: durationOf(run) ?? 0 }))
    .reverse();
  const first = timed[0];
  const last = timed.at(-1);
  if (!first || !last || timed.length < 2) {
    return (
      <p className="py-6 text-muted-foreground text-sm">
        After two runs it shows here how long they take.
      </p>
    );
  }
  const durations = timed.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const longest = Math.max(1, durations.at(-1) ?? 1);
  const usual = durations[durations.length >> 1] ?? 0;
  const step = niceStep(longest);
  const ceiling = Math.ceil(longest / step) * step;
  const y = (ms: number) => bottom - (ms / ceiling) * (bottom - top);
  const lines = Array.from({ length: Math.round(ceiling / step) + 1 }, (_, index) => index * step);
  return (
    <Chart
      height={height}
      label={`How long the last ${timed.length} runs took: usually ${formatDuration(usual)}, at most ${formatDuration(longest)}`}
    >
      {(width) => {
        const x = (at: number) =>
          left + 8 + ((at - first.at) / Math.max(1, last.at - first.at)) * (width - left - 16);
        return (
          <>
            <ChartLines at={lines} y={y} left={left} right={width} format={formatDuration} />
            <line
              x1={left}
              x2={width}
              y1={y(usual)}
              y2={y(usual)}
              className="stroke-chart-1 [stroke-dasharray:3_3]"
            />
            {timed.map(({ run, at, ms }) => (
              <g key={run.runId}>
                <title>
                  {formatWhen(new Date(at), now)}: {formatDuration(ms)}
                  {run.status === "failed" ? ", failed" : ""}
                </title>
                {run.runId === selectedId && (
                  <circle cx={x(at)} cy={y(ms)} r={6.5} className="fill-none stroke-foreground" />
                )}
                <circle
                  cx={x(at)}
                  cy={y(ms)}
                  r={run.status === "failed" ? 3.4 : 2.6}
                  className={run.status === "failed" ? "fill-destructive" : "fill-chart-1"}
                />
                {/* What is pressed is larger than what is seen. The list below does the same by keyboard. */}
                <circle
                  cx={x(at)}
                  cy={y(ms)}
                  r={9}
                  fill="transparent"
                  className="cursor-pointer"
                  onPointerUp={() => select(run.runId)}
                />
              </g>
            ))}
            <text x={left} y={height - 8}>
              {axisLabel(first.at, last.at, now)}
            </text>
            <text x={(left + width) / 2} y={height - 8} textAnchor="middle">
              usually {formatDuration(usual)}
            </text>
            <text x={width} y={height - 8} textAnchor="end">
              {formatWhen(new Date(last.at), now)}
            </text>
          </>
        );
      }}
    </Chart>
  );
}

/** The day alone, where the days are many. */
function axisLabel(first: number, last: number, now: Date): string {
  const at = new Date(first);
  return last - first > 3 * 86_400_000 ? formatDay(at, now) : formatWhen(at, now);
}
