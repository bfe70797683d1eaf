import { cn } from "../../lib/cn";

interface ProgressBarProps {
  label: string;
  /** From 0 to 1. */
  value: number;
  failed?: boolean;
  /** A paused bar turns ink. */
  paused?: boolean;
  className?: string;
}

export function ProgressBar({
  label,
  value,
  failed = false,
  paused = false,
  className,
}: ProgressBarProps) {
  const percent = Math.round(value * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className={cn("h-1 overflow-hidden rounded-[3px] bg-secondary", className)}
    >
      <div
        className={cn(
          "h-full transition-[width] duration-(--motion-slow)",
          failed ? "bg-destructive" : paused ? "bg-muted-foreground" : "bg-chart-1",
        )}
        style={{ width: `${value * 100}%` }}
      />
    </div>
  );
}
