import { useIsApple } from "../../lib/use-made-for";

/** The key that makes a command of a letter on this device. */
export function ModifierKey() {
  return useIsApple() ? "⌘" : "Ctrl ";
}
