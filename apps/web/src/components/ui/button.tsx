import type { ComponentProps } from "react";
import { cn } from "../../lib/cn";

const variants = {
  default:
    "border-border-strong bg-card shadow-control hover:bg-muted [&>.lucide]:text-muted-foreground",
  primary:
    "border-primary bg-primary text-primary-foreground shadow-control hover:border-primary-hover hover:bg-primary-hover",
  quiet: "border-transparent hover:bg-muted [&>.lucide]:text-muted-foreground",
  destructive:
    "border-destructive bg-destructive text-destructive-foreground shadow-control hover:opacity-90",
  danger: "border-border-strong bg-card text-destructive shadow-control hover:bg-destructive-soft",
};

const sizes = {
  md: "h-(--control) px-[13px] text-sm max-md:h-11 max-md:px-4",
  sm: "h-7 px-[9px] text-xs max-md:h-9 pointer-coarse:h-11 [&>.lucide]:size-3.5",
  /** As tall as the fields of a form. */
  lg: "h-10 px-4 text-base max-md:h-11",
  square: "h-(--control) px-[9px] max-md:size-11 max-md:px-0",
};

interface ButtonLook {
  variant?: keyof typeof variants | undefined;
  size?: keyof typeof sizes | undefined;
  className?: string | undefined;
}

/** For what looks like a button and is none: a link. */
export function buttonClass({ variant = "default", size = "md", className }: ButtonLook = {}) {
  return cn(
    "inline-flex select-none items-center justify-center gap-[7px] whitespace-nowrap rounded-md border font-medium transition-colors disabled:opacity-55",
    "[&>.lucide]:size-4",
    variants[variant],
    sizes[size],
    className,
  );
}

export type ButtonProps = ComponentProps<"button"> & ButtonLook;

export function Button({ variant, size, className, ...props }: ButtonProps) {
  return <button type="button" className={buttonClass({ variant, size, className })} {...props} />;
}
