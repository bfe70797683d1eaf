import { placeholderUrl } from "./thumb-hash";

const made = new Map<string, string>();
const mostKept = 500;

/**
 * A ThumbHash as the ground of whatever the picture will cover, once, at the picture's size; nothing where there is none, or
 * a damaged one.
 */
export function placeholderStyle(
  thumbHash: string | undefined,
  fit: "cover" | "contain" = "cover",
) {
  if (!thumbHash) return undefined;
  let url = made.get(thumbHash);
  if (url === undefined) {
    url = dataUrl(thumbHash);
    if (made.size >= mostKept) made.clear();
    made.set(thumbHash, url);
  }
  return url ? { background: `center / ${fit} no-repeat url("${url}")` } : undefined;
}

function dataUrl(thumbHash: string): string {
  try {
    return placeholderUrl(thumbHash);
  } catch {
    return "";
  }
}
