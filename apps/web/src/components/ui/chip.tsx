import type { ReactNode } from "react";
import { cn } from "../../lib/cn";

export function Chip({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span
      className={cn(
        "inline-flex h-[22px] flex-none items-center whitespace-nowrap rounded-sm bg-secondary px-2 font-medium text-secondary-foreground text-xs",
        className,
      )}
    >
      {children}
    </span>
  );
}
