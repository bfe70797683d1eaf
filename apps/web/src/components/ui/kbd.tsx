import type { ReactNode } from "react";
import { cn } from "../../lib/cn";

export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      className={cn(
        "inline-block min-w-[18px] rounded-sm border bg-card px-1 text-center font-[500] font-sans text-2xs text-muted-foreground",
        className,
      )}
    >
      {children}
    </kbd>
  );
}
