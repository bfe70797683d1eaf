import { ChevronDown, type LucideIcon } from "lucide-react";
import { cn } from "../../lib/cn";
import { Button } from "./button";
import { Menu, MenuChoice } from "./menu";

interface FilterMenuProps<T extends string> {
  /** What is filtered by: `Type`. */
  label: string;
  value: T;
  /** The value that leaves everything in. */
  off: T;
  onChange(value: T): void;
  options: readonly (readonly [value: T, text: string, icon: LucideIcon])[];
}

/** One filter of a list: it says what it does while it does something. */
export function FilterMenu<T extends string>(props: FilterMenuProps<T>) {
  const { label, value, off, onChange, options } = props;
  const chosen = options.find(([option]) => option === value);
  const active = value !== off;
  return (
    <Menu
      trigger={
        <Button
          className={cn(
            "max-w-[220px]",
            active &&
              "border-primary/35 bg-accent text-accent-foreground hover:bg-accent [&>.lucide]:text-current",
          )}
        >
          <span className="truncate">{active ? `${label}: ${chosen?.[1] ?? value}` : label}</span>
          <ChevronDown className="size-3.5!" />
        </Button>
      }
    >
      <MenuChoice label={label} value={value} onChange={onChange} options={options} />
    </Menu>
  );
}
