"use client";

import { formatUtcMonth } from "../../lib/dates";
import { formatBytes } from "../../lib/format";
import { Chart } from "../ui/chart";

interface StorageMonthsProps {
  months: { month: string; bytes: number }[];
}

const height = 150;
const top = 22;
const bottom = 124;

/** A year of what was held at the end of each month, as bars. */
export function StorageMonths({ months }: StorageMonthsProps) {
  const now = months.at(-1)?.bytes ?? 0;
  const before = months.at(-2)?.bytes ?? 0;
  return (
    <Chart
      label={`Media held: ${formatBytes(now)} now, ${formatBytes(before)} a month ago`}
      height={height}
    >
      {(width) => <Bars months={months} width={width} />}
    </Chart>
  );
}

function Bars({ months, width }: StorageMonthsProps & { width: number }) {
  const largest = Math.max(1, ...months.map(({ bytes }) => bytes));
  const slot = width / Math.max(1, months.length);
  const bar = Math.min(40, slot * 0.62);
  const y = (bytes: number) => bottom - (bytes / largest) * (bottom - top);
  return (
    <>
      <line
        x1={0}
        x2={width}
        y1={bottom + 0.5}
        y2={bottom + 0.5}
        className="stroke-border-strong"
      />
      {months.map(({ month, bytes }, index) => {
        const x = index * slot + (slot - bar) / 2;
        const isLast = index === months.length - 1;
        return (
          <g key={month}>
            <title>
              {formatUtcMonth(month)} {month.slice(0, 4)}: {formatBytes(bytes)}
            </title>
            <rect x={index * slot} y={top} width={slot} height={bottom - top} fill="transparent" />
            {bytes > 0 && (
              <rect
                x={x}
                y={y(bytes)}
                width={bar}
                height={Math.max(1, bottom - y(bytes))}
                className={isLast ? "fill-chart-2" : "fill-chart-2/55"}
              />
            )}
            {isLast && (
              <text
                x={x + bar / 2}
                y={y(bytes) - 6}
                textAnchor="middle"
                className="fill-foreground! font-medium text-xs"
              >
                {formatBytes(bytes)}
              </text>
            )}
            <text x={x + bar / 2} y={bottom + 17} textAnchor="middle">
              {formatUtcMonth(month)}
            </text>
          </g>
        );
      })}
    </>
  );
}
