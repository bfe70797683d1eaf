import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../../lib/cn";

const tones = {
  ok: "[&>.lucide]:text-success",
  warn: "text-warning",
  bad: "font-medium text-destructive",
  off: "text-muted-foreground",
};

interface StateLabelProps {
  tone: keyof typeof tones;
  icon: LucideIcon;
  children: ReactNode;
  className?: string;
}

/** A state is an icon and a word, before it is a colour. */
export function StateLabel({ tone, icon: Icon, children, className }: StateLabelProps) {
  return (
    <span
      className={cn(
        "inline-flex min-w-0 max-w-full items-center gap-1.5 whitespace-nowrap align-top text-sm",
        tones[tone],
        className,
      )}
    >
      <Icon aria-hidden="true" className="size-3.5" />
      <span className="truncate">{children}</span>
    </span>
  );
}
