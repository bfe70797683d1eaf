/** Controls would break the header; bidirectional ones make `exe.png` of `gnp.exe`. */
const unsafe = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A header after RFC 6266: an ASCII name for old clients and the real one as RFC 5987 UTF-8.
 * Path separators become `_`.
 */
export function contentDisposition(
  kind: "inline" | "attachment",
  filename: string | null | undefined,
): string {
  const name = filename?.toWellFormed().replace(unsafe, "_").replace(/[/\\]/g, "_").trim();
  if (!name) return kind;
  const ascii = name.replace(/[^\x20-\x7e]/g, "_").replace(/["%]/g, "_");
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
