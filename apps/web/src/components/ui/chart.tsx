"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";

interface ChartProps {
  /** What it shows, in a sentence. */
  label: string;
  /** In pixels. */
  height: number;
  /** Draws in pixels, at the width there is. */
  children(width: number): ReactNode;
}

/** A drawing as wide as its place, drawn anew when that changes. */
export function Chart({ label, height, children }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return (
    // The drawing lies over its place, or its width would keep the place from growing narrower.
    <div ref={box} className="relative" style={{ height }}>
      {width > 0 && (
        <svg
          role="img"
          aria-label={label}
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          className="absolute text-2xs [&_text]:fill-muted-foreground [&_text]:tabular-nums"
        >
          {children(width)}
        </svg>
      )}
    </div>
  );
}

interface ChartLinesProps {
  /** The values that get a line and a label. */
  at: number[];
  y(value: number): number;
  left: number;
  right: number;
  format?(value: number): string;
}

export function ChartLines({ at, y, left, right, format = String }: ChartLinesProps) {
  return at.map((value) => (
    <g key={value}>
      <line
        x1={left}
        x2={right}
        y1={Math.round(y(value)) + 0.5}
        y2={Math.round(y(value)) + 0.5}
        className="stroke-chart-grid"
      />
      <text x={left - 8} y={y(value) + 4} textAnchor="end">
        {format(value)}
      </text>
    </g>
  ));
}
