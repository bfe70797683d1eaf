"use client";

import { formatDay, formatWeekday, formatWhen } from "../../lib/dates";
import { plural } from "../../lib/format";
import { Chart } from "../ui/chart";
import { describeHour, type HeatHour, heatFill } from "./heat";

const height = 44;
const bar = 26;
const shown = 7 * 24;

/** A week by hours in one line, newest right: the more runs the darker, and red where one failed. */
export function WeekStrip({ hours, now }: { hours: HeatHour[]; now: Date }) {
  const week = hours.slice(-shown);
  const most = Math.max(1, ...week.map(({ succeeded }) => succeeded));
  const failed = week.reduce((sum, hour) => sum + hour.failed, 0);
  const runs = week.reduce((sum, hour) => sum + hour.succeeded + hour.failed, 0);
  return (
    <Chart
      height={height}
      label={`The last seven days by hours: ${plural(runs, "run")}, ${failed} of them failed`}
    >
      {(width) => {
        const step = width / shown;
        const gap = step > 3 ? 1 : 0;
        return week.map((hour, index) => {
          const isMidnight = hour.start.getHours() === 0;
          return (
            <g key={hour.start.getTime()}>
              <title>
                {formatWhen(hour.start, now)}: {describeHour(hour)}
              </title>
              <rect
                x={index * step}
                y={0}
                width={Math.max(1, step - gap)}
                height={bar}
                className={heatFill(hour, most).className}
                opacity={heatFill(hour, most).opacity}
              />
              {isMidnight && width - index * step > 34 && (
                <>
                  <line
                    x1={Math.round(index * step) + 0.5}
                    x2={Math.round(index * step) + 0.5}
                    y1={bar}
                    y2={bar + 5}
                    className="stroke-border-strong"
                  />
                  <text x={index * step + 4} y={height - 4}>
                    {dayName(hour.start, now, step * 24)}
                  </text>
                </>
              )}
            </g>
          );
        });
      }}
    </Chart>
  );
}

/** As much of it as a day is wide. */
function dayName(day: Date, now: Date, width: number): string {
  const name = formatDay(day, now);
  if (width > 74) return name;
  return name === "Today" || name === "Yesterday" ? formatWeekday(day) : name.slice(0, 3);
}
