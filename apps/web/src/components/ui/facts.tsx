import type { ReactNode } from "react";
import { cn } from "../../lib/cn";

export type Fact = readonly [label: string, value: ReactNode];

interface FactsProps {
  facts: readonly (Fact | null)[];
  /** Values at the right edge, for asides. */
  right?: boolean;
  className?: string;
}

/** Names and values between hairlines. */
export function Facts({ facts, right = false, className }: FactsProps) {
  return (
    <dl className={cn("text-sm", className)}>
      {facts.map(
        (fact) =>
          fact && (
            <div
              key={fact[0]}
              className={cn(
                "grid border-t py-[7px]",
                right ? "grid-cols-[auto_minmax(0,1fr)] gap-4" : "grid-cols-[108px_minmax(0,1fr)]",
              )}
            >
              <dt className="text-muted-foreground">{fact[0]}</dt>
              <dd className={cn("min-w-0 break-words", right && "text-right")}>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
