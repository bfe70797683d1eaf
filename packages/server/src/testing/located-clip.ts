import { clipOf } from "./sample-clip";

/** One box of MP4's family. */
export function boxOf(type: string, ...bodies: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(
    bodies.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)),
  );
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
}

export function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

export const place = "+59.3300+018.0600/";

/** What phones write: Android's box, and QuickTime's keys with their values. */
export const androidPlace = boxOf("udta", boxOf("\xa9xyz", Buffer.of(0, 18, 0x15, 0xc7), place));
export const applePlace = boxOf(
  "meta",
  boxOf("hdlr", Buffer.alloc(8), "mdta", Buffer.alloc(14)),
  boxOf(
    "keys",
    numbers(0, 2),
    boxOf("mdta", "com.apple.quicktime.make"),
    boxOf("mdta", "com.apple.quicktime.location.ISO6709"),
  ),
  boxOf(
    "ilst",
    boxOf("\0\0\0\x01", boxOf("data", numbers(1, 0), "Apple")),
    boxOf("\0\0\0\x02", boxOf("data", numbers(1, 0), place)),
  ),
);
export const threeGppPlace = boxOf("udta", boxOf("loci", numbers(0), "somewhere", place));
export const xmpPlaceBox = boxOf(
  "uuid",
  Buffer.from("be7acfcb97a942e89c71999491e3afac", "hex"),
  `<x:xmpmeta><rdf:Description exif:GPSLatitude="59,20N" note="${place}"/></x:xmpmeta>`,
);

/** A film whose index says, in these boxes, where it was taken. */
export async function filmWith(...boxes: Buffer[]): Promise<Buffer> {
  const film = await clipOf({ container: "mp4", seconds: 1, indexAtEnd: true });
  const moovAt = film.indexOf("moov") - 4;
  const longer = Buffer.concat([film, ...boxes]);
  longer.writeUInt32BE(longer.length - moovAt, moovAt);
  return longer;
}

/** A track of an action camera's measurements, of two samples. */
export function measuredFilm(): Buffer {
  const samples = Buffer.from(`GPS5${place}GPS5${place}`);
  const head = boxOf("ftyp", "isom", numbers(0), "isom");
  const table = boxOf(
    "stbl",
    boxOf("stsd", numbers(0, 1), boxOf("gpmd", Buffer.alloc(8))),
    boxOf("stsz", numbers(0, samples.length / 2, 2)),
    boxOf("stsc", numbers(0, 1, 1, 2, 1)),
    boxOf("stco", numbers(0, 1, head.length + 8)),
  );
  const moov = boxOf("moov", boxOf("trak", boxOf("mdia", boxOf("minf", table))));
  return Buffer.concat([head, boxOf("mdat", samples, "pictures and sound"), moov]);
}
