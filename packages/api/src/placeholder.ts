import { thumbHashToDataURL } from "thumbhash";

const made = new Map<string, string>();
const mostKept = 500;

/** A blurred picture of some 30 pixels as a data URL, from a ThumbHash in base64; empty for a damaged one. */
export function placeholderUrl(thumbHash: string): string {
  let url = made.get(thumbHash);
  if (url === undefined) {
    url = decode(thumbHash);
    if (made.size >= mostKept) made.clear();
    made.set(thumbHash, url);
  }
  return url;
}

function decode(thumbHash: string): string {
  try {
    return thumbHashToDataURL(Uint8Array.from(atob(thumbHash), (char) => char.charCodeAt(0)));
  } catch {
    return "";
  }
}
