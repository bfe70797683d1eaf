import { cn } from "../../lib/cn";

/** A file name that gives way in its middle and keeps its end, where the extension is. */
export function MiddleTruncate({ text, className }: { text: string; className?: string }) {
  const tail = Math.min(8, Math.floor(text.length / 2));
  const cut = text.length - tail;
  return (
    <span className={cn("flex min-w-0 whitespace-pre", className)} title={text}>
      {/* Two boxes for the eye would be read as two words. */}
      <span className="sr-only">{text}</span>
      <span aria-hidden className="truncate">
        {text.slice(0, cut)}
      </span>
      <span aria-hidden className="flex-none">
        {text.slice(cut)}
      </span>
    </span>
  );
}
