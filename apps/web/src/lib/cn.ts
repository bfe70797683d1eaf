import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

// The sizes and shadows of our own theme, so that it can tell `text-2xs` from a colour.
const merge = extendTailwindMerge({
  extend: {
    theme: {
      text: ["2xs"],
      shadow: ["control", "overlay", "tray"],
      "font-weight": ["book"],
    },
  },
});

/** Joins class names; of two Tailwind classes that contradict each other the later one wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
