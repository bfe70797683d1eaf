/** The key that makes a command of a letter on this device. Rendered in the browser only. */
export function ModifierKey() {
  return /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl ";
}
