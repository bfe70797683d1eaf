/** How common pictures, sounds and films begin, as Latin-1, and what else such a file may be called. */
const beginnings: [type: string, sign: RegExp, isToo?: RegExp][] = [
  ["image/png", /^\x89PNG\r\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8[79]a/],
  ["image/webp", /^RIFF.{4}WEBP/s],
  ["image/avif", /^.{4}ftypavi[fs]/s],
  ["image/heic", /^.{4}ftyp(hei[cmsx]|hev[cmsx])/s],
  ["audio/mp4", /^.{4}ftypM4[AB] /s, /m4|mp4|quicktime|3g/],
  ["video/quicktime", /^.{4}ftypqt/s, /m4|mp4|quicktime/],
  ["video/mp4", /^.{4}ftyp(?!mi|ms|jp|cr|hei|hev)/s, /m4|mp4|quicktime|3g/],
  ["video/webm", /^.E\xdf\xa3.*webm/s, /webm|matroska/],
  ["video/x-matroska", /^.E\xdf\xa3/s, /webm|matroska/],
  ["video/ogg", /^OggS.*theora/s, /og[gav]|theora/],
  ["audio/ogg", /^OggS/, /og[gav]|opus|vorbis|speex|flac/],
  ["audio/flac", /^fLaC/, /flac/],
  ["audio/wav", /^(RIFF|RF64).{4}WAVE/s, /wav/],
  ["video/x-msvideo", /^RIFF.{4}AVI /s, /avi|msvideo/],
  ["audio/x-caf", /^caff/, /caf/],
  // Any sound may stand behind a tag.
  ["audio/mpeg", /^ID3/, /^audio\//],
  // Two bytes tell only of what is called a sound.
  ["audio/mpeg", /^\xff[\xe2\xe3\xf2\xf3\xfa\xfb]/, /mpeg|mp3|^(?!audio)/],
];

/** So much of a file's beginning tells. */
export const signBytes = 64;

/**
 * What to call a file. Browsers go by its name, which is often wrong for pictures, sounds and films (a WebP saved as `.jpg`,
 * an Opus as `.m4a`) or says nothing to them (`.heic` on Windows, `.mkv`); the server refuses a picture under another's
 * name, and looks at no media without one.
 * @param start the first bytes, `signBytes` of them where there are so many
 */
export function typeOf({ type }: Blob, start: Uint8Array): string {
  if (type && !/^((image|audio|video)\/|application\/octet-stream$)/.test(type)) return type;
  const text = String.fromCharCode(...start.subarray(0, signBytes));
  const [found, , isToo] = beginnings.find(([, sign]) => sign.test(text)) ?? [];
  if (!found || isToo?.test(type)) return type;
  return type.startsWith("audio/") ? found.replace("video/", "audio/") : found;
}
