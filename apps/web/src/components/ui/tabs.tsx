import { cn } from "../../lib/cn";
import { formatCount } from "../../lib/format";

interface TabsProps<T extends string> {
  label: string;
  value: T;
  onChange(value: T): void;
  tabs: readonly (readonly [value: T, text: string, count: number])[];
}

/** Filters of a list, each with how many rows it leaves. */
export function Tabs<T extends string>({ label, value, onChange, tabs }: TabsProps<T>) {
  return (
    <fieldset
      aria-label={label}
      className="flex gap-[22px] overflow-x-auto border-b [scrollbar-width:none]"
    >
      {tabs.map(([tab, text, count]) => (
        <button
          key={tab}
          type="button"
          aria-pressed={tab === value}
          onClick={() => onChange(tab)}
          className={cn(
            "-mb-px whitespace-nowrap border-transparent border-b-2 pt-[9px] pb-2.5 text-muted-foreground text-sm -outline-offset-2 max-md:pt-[11px] max-md:pb-3",
            tab === value && "border-foreground font-[550] text-foreground",
          )}
        >
          {text}{" "}
          <span className="ml-0.5 font-normal text-muted-foreground tabular-nums">
            {formatCount(count)}
          </span>
        </button>
      ))}
    </fieldset>
  );
}
