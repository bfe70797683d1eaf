import { Search, X } from "lucide-react";
import { type ComponentProps, useEffect, useRef, useState } from "react";
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
  // The page may take its time to show what it was told. What is typed meanwhile stands here, or letters would be lost.
  const [text, setText] = useState(value);
  const told = useRef<string[]>([]);
  useEffect(() => {
    const echo = told.current.indexOf(value);
    if (echo < 0) setText(value);
    told.current = told.current.slice(echo + 1);
  }, [value]);
  const change = (next: string) => {
    told.current.push(next);
    setText(next);
    onChange(next);
  };
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
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          if (text) change("");
          else event.currentTarget.blur();
        }}
        className="min-w-0 flex-1 truncate bg-transparent outline-none max-md:text-lg [&::-webkit-search-cancel-button]:hidden"
        {...props}
      />
      {text ? (
        <IconButton label="Clear the search" onClick={() => change("")} className="-mr-1">
          <X />
        </IconButton>
      ) : (
        <Kbd className="mr-1 max-md:hidden pointer-coarse:hidden">/</Kbd>
      )}
    </div>
  );
}
