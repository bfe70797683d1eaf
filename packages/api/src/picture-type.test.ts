import { expect, test } from "vitest";
import { typeOf } from "./picture-type";

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
  ["", "", ""],
])("a file that is called %j and begins with %j goes as %j", (type, start, sent) => {
  expect(typeOf(new Blob([], { type }), bytes(start))).toBe(sent);
});
