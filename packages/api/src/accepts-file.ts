/**
 * Whether an `accept` list, as of `<input type="file">`, takes a file: `image/*, application/pdf, .csv`. The browser's own
 * dialogue only suggests it, and knows nothing of what is dropped or pasted.
 */
export function acceptsFile(accept: string | undefined, { name, type }: File): boolean {
  const wanted = (accept ?? "")
    .split(",")
    .map((token) => token.trim().toLowerCase())
    .filter(Boolean);
  if (wanted.length === 0) return true;
  const mediaType = type.split(";")[0]?.trim().toLowerCase() ?? "";
  return wanted.some((token) => {
    if (token === "*/*") return true;
    if (token.startsWith(".")) return name.toLowerCase().endsWith(token);
    if (token.endsWith("/*")) return mediaType.startsWith(token.slice(0, -1));
    return mediaType === token;
  });
}
