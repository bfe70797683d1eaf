"use client";

import { formatClock } from "../../lib/dates";
import { formatCount } from "../../lib/format";
import { niceStep } from "../../lib/nice-step";
import { Chart, ChartLines } from "../ui/chart";
import type { Hour } from "./hours";

interface HourChartProps {
  hours: Hour[];
  field: Exclude<keyof Hour, "start">;
  /** One and many of what is counted: `message`, `messages`. */
  unit: readonly [one: string, many: string];
  /** The chart in a sentence. */
  summary: string;
}

const height = 106;
const top = 12;
const bottom = 82;
const left = 26;
/** What "Now" takes at the right end, with the half of another label beside it. */
const nowLabelWidth = 52;

/** A day by hours as bars, and the same as a table for those who open it. */
export function HourChart(props: HourChartProps) {
  return (
    <figure>
      <Chart label={props.summary} height={height}>
        {(width) => <Bars {...props} width={width} />}
      </Chart>
      <HourTable {...props} />
    </figure>
  );
}

function Bars({ hours, field, unit, width }: HourChartProps & { width: number }) {
  const counts = hours.map((hour) => hour[field]);
  const largest = Math.max(1, ...counts.map((count) => count ?? 0));
  const step = niceStep(largest);
  const ceiling = Math.max(step, Math.ceil(largest / step) * step);
  const isEmpty = counts.every((count) => !count);
  // Two lines over the ground are enough at this height.
  const lines = isEmpty ? [0] : [0, ceiling / 2, ceiling].filter(Number.isInteger);
  const y = (count: number) => bottom - (count / ceiling) * (bottom - top);
  const slot = (width - left) / hours.length;
  const bar = Math.max(2, Math.min(12, Math.round(slot * 0.66)));
  const x = (index: number) => left + index * slot + (slot - bar) / 2;

  return (
    <>
      <ChartLines at={lines} y={y} left={left} right={width} format={(n) => compact.format(n)} />
      {hours.map(({ start }, index) => {
        const count = counts[index] ?? null;
        return (
          <g key={start.getTime()}>
            <title>
              {formatClock(start)}: {describe(count, unit)}
            </title>
            <rect
              x={left + index * slot}
              y={top}
              width={slot}
              height={bottom - top}
              fill="transparent"
            />
            {count !== null && count > 0 && (
              <rect
                x={x(index)}
                y={Math.min(y(count), bottom - 1)}
                width={bar}
                height={Math.max(1, bottom - y(count))}
                className="fill-chart-1"
              />
            )}
          </g>
        );
      })}
      {isEmpty && (
        <text x={(left + width) / 2} y={(top + bottom) / 2} textAnchor="middle" className="text-xs">
          No {unit[1]} in these 24 hours
        </text>
      )}
      {hours.map(({ start }, index) =>
        start.getHours() % 6 === 0 && x(index) < width - nowLabelWidth ? (
          <text key={start.getTime()} x={x(index) + bar / 2} y={bottom + 17} textAnchor="middle">
            {formatClock(start)}
          </text>
        ) : null,
      )}
      <text x={width} y={bottom + 17} textAnchor="end">
        Now
      </text>
    </>
  );
}

function HourTable({ hours, field, unit, summary }: HourChartProps) {
  const cell = "border-t py-1 tabular-nums";
  return (
    <details className="text-xs">
      <summary className="w-fit cursor-pointer rounded-sm text-muted-foreground outline-none hover:text-foreground focus-visible:outline-2 focus-visible:outline-ring">
        As a table
      </summary>
      <div className="scroll-quiet mt-1.5 max-h-[220px] overflow-y-auto border-b">
        <table className="w-full">
          <caption className="sr-only">{summary}</caption>
          <thead>
            <tr>
              <th scope="col" className="py-1 text-left font-[480] text-muted-foreground">
                Hour from
              </th>
              <th scope="col" className="py-1 text-right font-[480] text-muted-foreground">
                {unit[1].charAt(0).toUpperCase() + unit[1].slice(1)}
              </th>
            </tr>
          </thead>
          <tbody>
            {hours.toReversed().map((hour) => (
              <tr key={hour.start.getTime()}>
                <th scope="row" className={`${cell} text-left font-normal`}>
                  {formatClock(hour.start)}
                </th>
                <td className={`${cell} text-right`}>
                  {hour[field] === null ? "not recorded" : formatCount(hour[field])}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

const compact = new Intl.NumberFormat("en-GB", { notation: "compact" });

function describe(count: number | null, [one, many]: HourChartProps["unit"]): string {
  if (count === null) return "not recorded";
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
