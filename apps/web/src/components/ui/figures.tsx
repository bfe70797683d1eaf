import type { ReactNode } from "react";

export interface Figure {
  label: string;
  value: string;
  unit?: string;
  note: ReactNode;
}

/** Two to four figures between rules. */
export function Figures({ figures }: { figures: Figure[] }) {
  return (
    <dl className="grid grid-cols-2 border-border border-t border-t-foreground border-b @min-[40rem]/page:flex">
      {figures.map(({ label, value, unit, note }) => (
        <div
          key={label}
          className="min-w-0 flex-1 border-border pt-3.5 pr-5 pb-4 @max-[40rem]/page:py-[11px] @max-[40rem]/page:pr-3.5 @max-[40rem]/page:even:border-l @max-[40rem]/page:even:pl-3.5 @max-[40rem]/page:[&:nth-child(n+3)]:border-t @min-[40rem]/page:not-first:border-l @min-[40rem]/page:not-first:pl-5"
        >
          <dt className="text-muted-foreground text-xs">{label}</dt>
          <dd className="mt-0.5 min-h-8 font-display text-[26px] lining-nums leading-8 tracking-[-0.01em]">
            {value}
            {unit && <small className="ml-1.5 text-[15px] text-muted-foreground">{unit}</small>}
          </dd>
          <dd className="text-muted-foreground text-xs">{note}</dd>
        </div>
      ))}
    </dl>
  );
}
