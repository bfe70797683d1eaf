import { cn } from "../../lib/cn";

interface PartsBarProps {
  label: string;
  /** From 0 to 1. */
  value: number;
  sizeBytes: number;
  /** Whether bytes are on their way now. */
  active: boolean;
}

const partBytes = 8 * 1024 * 1024;
const mostTicks = 110;

/** One tick a part, or a group of them: stored ones stand tall, the one in work is brass, the others lie low. */
export function PartsBar({ label, value, sizeBytes, active }: PartsBarProps) {
  const ticks = Math.max(12, Math.min(mostTicks, Math.ceil(sizeBytes / partBytes)));
  const stored = Math.floor(value * ticks);
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
            tick === stored && active && "h-4 bg-warning-mark",
            (tick > stored || (tick === stored && !active)) && "h-1 bg-border-strong",
          )}
        />
      ))}
    </div>
  );
}
