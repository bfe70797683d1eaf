import { thumbHashToAverageRGBA, thumbHashToDataURL } from "thumbhash";

/** A blurred picture of some 30 pixels, as a data URL, from a ThumbHash in base64. */
export function placeholderUrl(thumbHash: string): string {
  return thumbHashToDataURL(bytesOf(thumbHash));
}

/** What the picture is from afar, in one colour. */
export function averageColour(thumbHash: string): string {
  const { r, g, b, a } = thumbHashToAverageRGBA(bytesOf(thumbHash));
  const [red, green, blue] = [r, g, b].map((part) => Math.round(part * 255));
  return `rgb(${red} ${green} ${blue} / ${a.toFixed(2)})`;
}

function bytesOf(thumbHash: string): Uint8Array {
  return Uint8Array.from(atob(thumbHash), (char) => char.charCodeAt(0));
}
