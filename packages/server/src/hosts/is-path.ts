/** A path that can be read: not `*`, nothing that decodes to no text, nothing that no line of a log may hold. */
export function isPath(path: string): boolean {
  if (path[0] !== "/") return false;
  if (!path.includes("%")) return true;
  try {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for.
    return !/[\0-\x1f\x7f]/.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}
