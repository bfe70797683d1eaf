import type { ReactNode } from "react";
import { cn } from "../../lib/cn";
import { useDelayed } from "../../lib/use-delayed";

/** A still block in the place of something to come. */
export function Bone({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn("block h-2.5 rounded-sm bg-muted dark:bg-secondary", className)}
    />
  );
}

/** Shows the layout's skeleton after 200 ms; what is faster never flashes one. */
export function Loading({ label, children }: { label: string; children: ReactNode }) {
  const late = useDelayed();
  return (
    <div role="status" aria-label={label}>
      {late && children}
    </div>
  );
}
