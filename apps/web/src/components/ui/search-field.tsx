import { Search, X } from "lucide-react";
import { type ComponentProps, useRef } from "react";
import { cn } from "../../lib/cn";
import { useShortcuts } from "../../lib/shortcuts";
import { IconButton } from "./icon-button";
import { Kbd } from "./kbd";

interface SearchFieldProps extends Omit<ComponentProps<"input">, "value" | "onChange"> {
  label: string;
  value: string;
  onChange(value: string): void;
}

/** Filters what the page shows. `/` goes to it, Escape empties it. */
export function SearchField({ label, value, onChange, className, ...props }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  // What the page was told to empty may still show for a moment; the next Escape means the field already.
  const isEmptied = useRef(false);
  useShortcuts({ "/": () => input.current?.focus() });
  return (
    <div
      className={cn(
        "flex h-(--control) min-w-0 items-center gap-2 rounded-md border border-input bg-card pr-1.5 pl-2.5 text-sm focus-within:outline-2 focus-within:outline-ring max-md:h-11",
        className,
      )}
    >
      <Search className="size-4 text-muted-foreground" />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => {
          isEmptied.current = false;
          onChange(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          if (value && !isEmptied.current) {
            isEmptied.current = true;
            onChange("");
          } else event.currentTarget.blur();
        }}
        className="min-w-0 flex-1 truncate bg-transparent outline-none max-md:text-lg [&::-webkit-search-cancel-button]:hidden"
        {...props}
      />
      {value ? (
        <IconButton label="Clear the search" onClick={() => onChange("")} className="-mr-1">
          <X />
        </IconButton>
      ) : (
        <Kbd className="mr-1 max-md:hidden pointer-coarse:hidden">/</Kbd>
      )}
    </div>
  );
}
