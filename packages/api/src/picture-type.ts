/** How common pictures begin, as Latin-1. */
const beginnings: [type: string, sign: RegExp][] = [
  ["image/png", /^\x89PNG\r\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8[79]a/],
  ["image/webp", /^RIFF[\s\S]{4}WEBP/],
  ["image/avif", /^[\s\S]{4}ftypavi[fs]/],
  ["image/heic", /^[\s\S]{4}ftyp(hei[cmsx]|hev[cmsx])/],
];

/**
 * What to call a file. Browsers go by its name, which is often wrong for pictures (a WebP saved as `.jpg`) or says nothing
 * to them (`.heic` on Windows); the server refuses a picture under another's name.
 * @param start the first bytes, 16 of them where there are so many
 */
export function typeOf(file: Blob, start: Uint8Array): string {
  if (file.type && !/^(image\/|application\/octet-stream$)/.test(file.type)) return file.type;
  const text = String.fromCharCode(...start.subarray(0, 16));
  return beginnings.find(([, sign]) => sign.test(text))?.[0] ?? file.type;
}
