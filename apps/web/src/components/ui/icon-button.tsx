import type { ComponentProps } from "react";
import { cn } from "../../lib/cn";

interface IconButtonProps extends ComponentProps<"button"> {
  /** Names the object, too: `Pause nightly-backup`. */
  label: string;
}

export function IconButton({ label, className, title, ...props }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={title ?? label}
      className={cn(
        "grid size-7 flex-none place-items-center rounded-md text-muted-foreground transition-colors hover:bg-muted hover:text-foreground disabled:opacity-45 max-md:size-10 pointer-coarse:size-11 [&>.lucide]:size-4",
        className,
      )}
      {...props}
    />
  );
}
