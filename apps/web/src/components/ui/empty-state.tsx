import type { ReactNode } from "react";
import { cn } from "../../lib/cn";

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  /** One way to start. */
  action?: ReactNode;
  className?: string;
  role?: "alert";
}

/** What belongs here, and how to start. */
export function EmptyState({ icon, title, children, action, className, role }: EmptyStateProps) {
  return (
    <div
      role={role}
      className={cn(
        "grid min-h-[248px] animate-appear place-content-center justify-items-center rounded-md border bg-card px-4 py-8 text-center md:px-8",
        className,
      )}
    >
      <span className="mb-2.5 text-muted-foreground [&>.lucide]:size-[26px] [&>.lucide]:stroke-[1.4]">
        {icon}
      </span>
      <h2 className="text-balance font-display text-[20px] leading-[26px]">{title}</h2>
      <div className="mt-1 max-w-[31em] text-balance text-muted-foreground text-sm">{children}</div>
      {action && <div className="mt-3.5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
