import { useMemo } from "react";
import { cn } from "../../lib/cn";
import { barsOf } from "../../lib/peaks";

const bars = 128;
/** What is silent shows where it is. */
const least = 0.02;

interface WaveformProps {
  /** Of a media row. */
  waveform: string;
  /** How much of it was played, from 0 to 1. */
  played?: number;
  className?: string;
}

/** What a recording sounds like, at a glance. */
export function Waveform({ waveform, played = 0, className }: WaveformProps) {
  const heights = useMemo(() => barsOf(waveform, bars), [waveform]);
  const until = Math.round(played * bars);
  return (
    <svg
      viewBox={`0 0 ${bars} 2`}
      preserveAspectRatio="none"
      aria-hidden="true"
      className={cn("block w-full", className)}
      fill="none"
      stroke="currentColor"
      strokeWidth="0.6"
    >
      <path d={linesOf(heights, 0, until)} className="text-primary" />
      <path d={linesOf(heights, until, bars)} className="text-muted-foreground/60" />
    </svg>
  );
}

function linesOf(heights: number[], from: number, to: number): string {
  return heights
    .slice(from, to)
    .map((height, index) => {
      const half = Math.max(least, height);
      return `M${from + index + 0.5} ${(1 - half).toFixed(2)}v${(2 * half).toFixed(2)}`;
    })
    .join("");
}
