import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "../../lib/cn";
import { copyText } from "../../lib/copy-text";
import { IconButton } from "./icon-button";

interface CodeLineProps {
  text: string;
  /** What the button copies: `the invite token`. */
  what: string;
  className?: string;
}

/** One line to take away. */
export function CodeLine({ text, what, className }: CodeLineProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <div
      className={cn(
        "flex min-w-0 items-center gap-2 rounded-sm border bg-muted py-0.5 pr-0.5 pl-2.5",
        className,
      )}
    >
      <code
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long one is scrolled by keys, too.
        tabIndex={0}
        className="scroll-quiet min-w-0 flex-1 select-all overflow-x-auto whitespace-nowrap font-mono text-xs"
      >
        {text}
      </code>
      <IconButton
        label={copied ? "Copied" : `Copy ${what}`}
        onClick={async () => setCopied(await copyText(text))}
        className="hover:bg-secondary"
      >
        {copied ? <Check className="text-success" /> : <Copy />}
      </IconButton>
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </div>
  );
}
