import { type ReactNode, useId } from "react";
import { cn } from "../../lib/cn";

interface SectionProps {
  title: string;
  /** At the right end of the head: a count, a link, a button. */
  aside?: ReactNode;
  /** A black rule opens a section. */
  ruled?: boolean;
  className?: string;
  children: ReactNode;
}

export function Section({ title, aside, ruled = true, className, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={className}>
      <div
        className={cn("flex items-center gap-2.5 pb-2", ruled && "border-b border-b-foreground")}
      >
        <h2 id={id} className="font-semibold text-lg tracking-[-0.005em]">
          {title}
        </h2>
        {aside && (
          <div className="ml-auto flex items-center gap-2 whitespace-nowrap text-muted-foreground text-xs">
            {aside}
          </div>
        )}
      </div>
      {children}
    </section>
  );
}
