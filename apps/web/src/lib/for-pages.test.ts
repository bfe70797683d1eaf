import { expect, test } from "vitest";
import { isForPages, isPlayedByBrowsers } from "./for-pages";
import { isShownByBrowsers } from "./shown-by-browsers";

test("a picture that no browser shows is for pages once there are copies of it", () => {
  expect(isForPages({ contentType: "image/heic" })).toBe(false);
  expect(isForPages({ contentType: "image/heic", variants: [{}] })).toBe(true);
  expect(isForPages({ contentType: "image/tiff" })).toBe(false);
  for (const kind of ["jpeg", "png", "apng", "gif", "webp", "avif", "bmp", "svg+xml"])
    expect(isShownByBrowsers(`image/${kind}`)).toBe(true);
});

test.each([
  "video/x-flv",
  "video/x-ms-asf",
  "video/x-ms-wmv",
  "video/vnd.avi",
  "video/x-msvideo",
  "video/mp2t",
  "video/mpeg",
  "video/dvd",
  "video/matroska",
  "video/3gpp",
  "video/of-next-year",
  "audio/midi",
  "audio/x-caf",
  "audio/aiff",
  "audio/ac3",
  "application/pdf",
])("%s is played by no page", (contentType) => {
  expect(isForPages({ contentType })).toBe(false);
});

test.each([
  "video/mp4",
  "video/webm;codecs=vp8",
  "video/ogg",
  "video/quicktime",
  "audio/mpeg",
  "audio/mp3",
  "audio/x-m4a",
  "audio/aac",
  "audio/ogg; codecs=opus",
  "audio/webm",
  "audio/x-wav",
  "audio/flac",
])("%s is played as long as nothing more is known", (contentType) => {
  expect(isForPages({ contentType })).toBe(true);
  expect(isForPages({ contentType, processing: { state: "processing" } })).toBe(true);
});

test.each([
  ["video/mp4", "avc1.64000c, mp4a.40.2", 320, true],
  ["video/mp4", "hev1.1.6.L60.90", 320, true],
  ["video/mp4", "av01.0.00M.08", 320, true],
  ["video/quicktime", "avc1.64000c, pcm-s16", 320, true],
  ["video/webm", "vp09.00.10.08, opus", 320, true],
  ["video/webm", undefined, undefined, true],
  ["video/mp4", "mp4a.40.2", undefined, true],
  ["audio/ogg", "vorbis", undefined, true],
  ["audio/wav", "ulaw", undefined, true],
  // ProRes, MPEG-4 Part 2 with and without sound, AC-3, ALAC, ADPCM.
  ["video/quicktime", "ap4h", 320, false],
  ["video/mp4", undefined, 320, false],
  ["video/mp4", "mp4a.40.2", 320, false],
  ["video/mp4", "avc1.64000c, ac-3", 320, false],
  ["audio/x-m4a", undefined, undefined, false],
  ["audio/wav", undefined, undefined, false],
])("%s of %s", (contentType, codec, width, expected) => {
  const processing = { state: "ready" };
  expect(isPlayedByBrowsers({ contentType, codec, width, processing })).toBe(expected);
});
