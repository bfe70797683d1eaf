import { thumbHashToAverageRGBA } from "thumbhash";

/** What the picture is from afar, in one colour. */
export function averageColour(thumbHash: string): string {
  const bytes = Uint8Array.from(atob(thumbHash), (char) => char.charCodeAt(0));
  const { r, g, b, a } = thumbHashToAverageRGBA(bytes);
  const [red, green, blue] = [r, g, b].map((part) => Math.round(part * 255));
  return `rgb(${red} ${green} ${blue} / ${a.toFixed(2)})`;
}
