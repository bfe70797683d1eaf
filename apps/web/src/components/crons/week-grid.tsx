"use client";

import { formatDay, formatWhen } from "../../lib/dates";
import { plural } from "../../lib/format";
import { Chart } from "../ui/chart";
import { describeHour, type HeatHour, heatDays, heatFill } from "./heat";

const row = 18;
const left = 76;
const foot = 18;

/** A week of one job, days below each other, hours side by side. */
export function WeekGrid({ hours, now }: { hours: HeatHour[]; now: Date }) {
  const days = heatDays(hours, now);
  const shown = days.flatMap((day) => day.hours).filter((hour) => hour !== null);
  const most = Math.max(1, ...shown.map(({ succeeded }) => succeeded));
  const failed = shown.reduce((sum, hour) => sum + hour.failed, 0);
  const runs = shown.reduce((sum, hour) => sum + hour.succeeded + hour.failed, 0);
  return (
    <Chart
      height={days.length * row + foot}
      label={`The last seven days by hours: ${plural(runs, "run")}, ${failed} of them failed`}
    >
      {(width) => {
        const step = (width - left) / 24;
        return (
          <>
            {days.map(({ day, hours: ofDay }, line) => (
              <g key={day.getTime()}>
                <text x={0} y={line * row + 12}>
                  {formatDay(day, now)}
                </text>
                {ofDay.map(
                  (hour, column) =>
                    hour && (
                      <rect
                        key={hour.start.getTime()}
                        x={left + column * step}
                        y={line * row}
                        width={Math.max(1, step - 2)}
                        height={row - 3}
                        rx={1.5}
                        className={heatFill(hour, most).className}
                        opacity={heatFill(hour, most).opacity}
                      >
                        <title>
                          {formatWhen(hour.start, now)}: {describeHour(hour)}
                        </title>
                      </rect>
                    ),
                )}
              </g>
            ))}
            {[0, 6, 12, 18].map((hour) => (
              <text key={hour} x={left + hour * step} y={days.length * row + foot - 5}>
                {String(hour).padStart(2, "0")}
              </text>
            ))}
          </>
        );
      }}
    </Chart>
  );
}
