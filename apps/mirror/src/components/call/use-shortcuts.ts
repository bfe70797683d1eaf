import { useEffect } from "react";
import { isTyping } from "../../hooks/use-key-source";

export type Shortcut = "microphone" | "camera" | "mirror" | "snapshot" | "music" | "help";

const shortcutOfCode: Record<string, Shortcut> = {
  KeyM: "microphone",
  KeyV: "camera",
  KeyR: "mirror",
  KeyP: "snapshot",
  KeyN: "music",
};

/** Single keys; while the computer's keyboard plays the piano, they need Alt. */
export function useShortcuts(
  acts: Record<Shortcut, () => void>,
  { needsAlt }: { needsAlt: boolean },
): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { code, repeat, altKey, ctrlKey, metaKey, key } = event;
      if (repeat || ctrlKey || metaKey || isTyping(event.target)) return;
      // The question mark lies elsewhere on every keyboard, and plays nothing.
      const name = key === "?" ? "help" : needsAlt === altKey ? shortcutOfCode[code] : undefined;
      if (!name) return;
      event.preventDefault();
      acts[name]();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [acts, needsAlt]);
}
