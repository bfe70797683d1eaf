import { expect, test } from "vitest";
import { typeOf } from "./file-type";

const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

test.each([
  ["image/jpeg", "RIFF\x10\0\0\0WEBPVP8 ", "image/webp"],
  ["image/png", "\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"],
  ["", "\0\0\0\x18ftypheic\0\0\0\0", "image/heic"],
  ["application/octet-stream", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"],
  ["image/png", "not a picture", "image/png"],
  ["image/svg+xml", "<svg/>", "image/svg+xml"],
  ["text/plain", "GIF89a is a format", "text/plain"],
  ["video/mp4", "\0\0\0\x18ftypisom", "video/mp4"],
  ["", "\0\0\0\x18ftypisom", "video/mp4"],
  ["", "\0\0\0\x18ftypM4A \0\0\0\0", "audio/mp4"],
  ["audio/x-m4a", "\0\0\0\x18ftypM4A \0\0\0\0", "audio/x-m4a"],
  ["application/octet-stream", "\0\0\0\x14ftypqt  ", "video/quicktime"],
  ["image/heif", "\0\0\0\x18ftypmif1", "image/heif"],
  [
    "",
    "\x1aE\xdf\xa3\xa3B\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x88matroska",
    "video/x-matroska",
  ],
  [
    "video/mp4",
    "\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm",
    "video/webm",
  ],
  ["audio/webm", "\x1aE\xdf\xa3\x9fB\x82\x84webm", "audio/webm"],
  ["audio/mp4", "\x1aE\xdf\xa3\x9fB\x82\x84webm", "audio/webm"],
  ["audio/mp4", "OggS\0\x02", "audio/ogg"],
  ["audio/wav", "ID3\x04\0\0", "audio/wav"],
  ["audio/wav", "\xff\xfb\x90d", "audio/mpeg"],
  ["", "\xff\xfb\x90d", ""],
  ["", "fLaC\0\0\0\x22", "audio/flac"],
  ["", "", ""],
])("a file that is called %j and begins with %j goes as %j", (type, start, sent) => {
  expect(typeOf(new Blob([], { type }), bytes(start))).toBe(sent);
});
