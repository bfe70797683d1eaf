import type { Metadata } from "sharp";
import { hasGps } from "./exif";

/** XMP's words for a place: coordinates, and the names of IPTC's and Photoshop's fields. */
export const xmpPlace =
  /GPS(Latitude|Longitude|Dest|Area)|Iptc4xmp\w*:(Location|City|ProvinceState|CountryName|Sublocation)|photoshop:(City|State|Country)\b/;

/** IPTC's numbers of a place: codes and names of locations, sublocation, city, state, country. */
const iptcPlaces = new Set([26, 27, 90, 92, 95, 100, 101]);

/** Whether an image's metadata say where it was taken, or what is shown. */
export function hasLocation({ exif, xmp, iptc }: Metadata): boolean {
  if (exif && hasGps(exif)) return true;
  if (xmp && xmpPlace.test(xmp.toString())) return true;
  return iptc !== undefined && hasIptcPlace(iptc);
}

/** The same for bytes that nothing here can read: metadata that stand in them uncompressed are found all the same. */
export function bytesHaveLocation(bytes: Buffer): boolean {
  if (hasGps(bytes)) return true;
  for (const { start, end } of xmpPackets(bytes)) {
    if (xmpPlace.test(bytes.toString("utf8", start, end))) return true;
  }
  return false;
}

const xmpStart = "<x:xmpmeta";
const xmpEnd = "</x:xmpmeta>";

/** Where XMP stands in these bytes. */
export function xmpPackets(bytes: Buffer): { start: number; end: number }[] {
  const packets: { start: number; end: number }[] = [];
  for (let start = bytes.indexOf(xmpStart); start >= 0; ) {
    const last = bytes.indexOf(xmpEnd, start);
    const end = last < 0 ? bytes.length : last + xmpEnd.length;
    packets.push({ start, end });
    start = bytes.indexOf(xmpStart, end);
  }
  return packets;
}

/** IPTC's records: 0x1c, record, number, length, value. */
export function hasIptcPlace(iptc: Buffer): boolean {
  for (let at = iptc.indexOf(0x1c); at >= 0 && at + 5 <= iptc.length; ) {
    if (iptc[at + 1] === 2 && iptcPlaces.has(iptc[at + 2] ?? 0)) return true;
    at = iptc.indexOf(0x1c, at + 1);
  }
  return false;
}
