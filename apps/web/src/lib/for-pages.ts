import { essenceOf, isShownByBrowsers } from "./shown-by-browsers";

/** Containers that browsers open. Those of cameras, discs and broadcasting, such as FLV, WMV, AVI and MPEG-TS, are not among them. */
const films = /^video\/(x-)?(mp4|m4v|webm|ogg|quicktime)$/;
const sounds =
  /^audio\/(x-)?(mpeg|mp3|mp4|m4a|aac|ogg|opus|vorbis|webm|wave?|pn-wav|vnd\.wave|flac)$/;
/** Codecs as RFC 6381 and the server name them: H.264, HEVC, VP8, VP9 and AV1, then those of sound. */
const pictureCodec = /^(avc[13]|hev1|hvc1|vp0?[89]|av01)(\.|$)/;
const soundCodec = /^(mp4a|mp3|opus|vorbis|flac|pcm|[au]law)([.-]|$)/i;
/** Containers for many codecs, of which the server tells none that browsers do not play: MPEG-4 Part 2, ALAC, ADPCM. */
const holdsAnything = /\/(x-)?(mp4|m4v|m4a|quicktime|wave?|pn-wav|vnd\.wave)$|^video\/ogg$/;

export interface Playable {
  contentType: string;
  width?: number | undefined;
  codec?: string | undefined;
  processing?: { state: string } | undefined;
}

/** Whether browsers play a film or sound: by its container, and by its codecs once the server has looked at it. */
export function isPlayedByBrowsers(media: Playable): boolean {
  const type = essenceOf(media.contentType);
  const opens = films.test(type) || sounds.test(type);
  return opens && hasKnownCodecs(media, type);
}

function hasKnownCodecs({ codec, width, processing }: Playable, type: string): boolean {
  const codecs = codec?.split(",").map((one) => one.trim()) ?? [];
  const hasPicture = codecs.some((one) => pictureCodec.test(one));
  if (!codecs.every((one) => pictureCodec.test(one) || soundCodec.test(one))) return false;
  if (processing?.state !== "ready" || !holdsAnything.test(type)) return true;
  return width === undefined ? codecs.length > 0 : hasPicture;
}

/** Whether it can be put on a public page: a film or sound that browsers play, a picture that they show or that has copies. */
export function isForPages(
  media: Playable & { variants?: readonly unknown[] | undefined },
): boolean {
  const { contentType, variants = [] } = media;
  if (!contentType.startsWith("image/")) return isPlayedByBrowsers(media);
  return isShownByBrowsers(contentType) || variants.length > 0;
}
