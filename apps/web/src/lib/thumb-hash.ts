import { thumbHashToDataURL } from "thumbhash";

/** A blurred picture of some 30 pixels, as a data URL, from a ThumbHash in base64. */
export function placeholderUrl(thumbHash: string): string {
  return thumbHashToDataURL(Uint8Array.from(atob(thumbHash), (char) => char.charCodeAt(0)));
}
