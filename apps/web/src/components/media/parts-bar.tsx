import type { PartCounts } from "@fermata/api";
import { cn } from "../../lib/cn";

interface PartsBarProps {
  label: string;
  /** From 0 to 1, of the bytes. */
  value: number;
  parts: PartCounts;
}

const mostTicks = 110;

/** One tick a part, or a few of them: stored ones stand tall, those on their way are brass, the others lie low. */
export function PartsBar({ label, value, parts }: PartsBarProps) {
  const ticks = Math.min(mostTicks, parts.all);
  const stored = Math.floor((parts.stored / parts.all) * ticks);
  const reached = Math.min(ticks, stored + Math.ceil((parts.flying / parts.all) * ticks));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(value * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      className="mt-1.5 flex h-4 items-center gap-[2px] overflow-hidden"
    >
      {Array.from({ length: ticks }, (_, tick) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a tick is its place.
          key={tick}
          className={cn(
            "flex-1 rounded-[1px]",
            tick < stored && "h-3 bg-chart-1",
            tick >= stored && tick < reached && "h-4 bg-warning-mark",
            tick >= reached && "h-1 bg-border-strong",
          )}
        />
      ))}
    </div>
  );
}
