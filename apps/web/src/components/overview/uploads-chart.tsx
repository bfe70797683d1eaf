"use client";

import { formatUtcDay } from "../../lib/dates";
import { plural } from "../../lib/format";
import { niceStep } from "../../lib/nice-step";
import { Chart, ChartLines } from "../ui/chart";

interface Day {
  day: string;
  files: number;
  media: number;
}

const height = 252;
const top = 24;
const bottom = 226;
const left = 34;

/** Two weeks of uploads: files on top of media. */
export function UploadsChart({ days }: { days: Day[] }) {
  const sum = days.reduce((all, { files, media }) => all + files + media, 0);
  const today = days.at(-1);
  const label = `Uploads per day over the last ${days.length} days: ${plural(sum, "upload")} in all, ${today ? today.files + today.media : 0} today`;
  return (
    <Chart label={label} height={height}>
      {(width) => <Bars days={days} sum={sum} width={width} />}
    </Chart>
  );
}

function Bars({ days, sum, width }: { days: Day[]; sum: number; width: number }) {
  const totals = days.map(({ files, media }) => files + media);
  const step = niceStep(Math.max(...totals, 1));
  const ceiling = Math.max(step, Math.ceil(Math.max(...totals, 1) / step) * step);
  const lines = sum > 0 ? Array.from({ length: ceiling / step + 1 }, (_, n) => n * step) : [0];
  const y = (count: number) => bottom - (count / ceiling) * (bottom - top);
  const slot = (width - left) / days.length;
  const bar = Math.min(28, Math.round(slot * 0.62));
  const x = (index: number) => left + index * slot + (slot - bar) / 2;
  const labelled = [0, Math.floor(days.length / 2), days.length - 1];

  return (
    <>
      <ChartLines at={lines} y={y} left={left} right={width} />
      {days.map(({ day, files, media }, index) => (
        <g key={day}>
          <title>
            {formatUtcDay(day)}: {plural(files, "file")}, {media} media
          </title>
          <rect
            x={left + index * slot}
            y={top}
            width={slot}
            height={bottom - top}
            fill="transparent"
          />
          {media > 0 && (
            <rect
              x={x(index)}
              y={y(media)}
              width={bar}
              height={bottom - y(media)}
              className="fill-chart-2"
            />
          )}
          {files > 0 && (
            <rect
              x={x(index)}
              y={y(files + media)}
              width={bar}
              height={Math.max(1, y(media) - y(files + media) - (media > 0 ? 1 : 0))}
              className="fill-chart-1"
            />
          )}
        </g>
      ))}
      {sum === 0 && (
        <text x={(left + width) / 2} y={(top + bottom) / 2} textAnchor="middle" className="text-sm">
          Nothing was uploaded in these {days.length} days
        </text>
      )}
      {(totals.at(-1) ?? 0) > 0 && (
        <text
          x={x(days.length - 1) + bar / 2}
          y={y(totals.at(-1) ?? 0) - 6}
          textAnchor="middle"
          className="fill-foreground! stroke-4 stroke-background font-medium text-xs [paint-order:stroke]"
        >
          {totals.at(-1)}
        </text>
      )}
      {labelled.map((index) => {
        const last = index === days.length - 1;
        const day = days[index]?.day ?? "";
        return (
          <text
            key={day}
            x={last ? width : index === 0 ? x(0) : x(index) + bar / 2}
            y={bottom + 20}
            textAnchor={last ? "end" : index === 0 ? "start" : "middle"}
          >
            {last ? "Today" : formatUtcDay(day)}
          </text>
        );
      })}
    </>
  );
}
