import { expect, test } from "vitest";
import { fileKind, isForPages, typeLabel } from "./file-kind";
import { initials } from "./initials";

test("a type's kind ignores its parameters", () => {
  expect(fileKind("text/csv; charset=utf-8")).toBe("table");
  expect(fileKind("image/jpeg")).toBe("image");
  expect(fileKind("video/quicktime")).toBe("video");
  expect(fileKind("application/zip")).toBe("archive");
  expect(fileKind("application/octet-stream")).toBe("other");
});

test("a picture that browsers cannot draw is not previewed as one", () => {
  expect(fileKind("image/heic")).not.toBe("image");
});

test("types are named as people name them", () => {
  expect(typeLabel("image/jpeg")).toBe("JPEG");
  expect(typeLabel("application/pdf")).toBe("PDF");
  expect(typeLabel("text/plain; charset=utf-8")).toBe("Text");
  expect(typeLabel("application/vnd.oasis.opendocument.text")).toBe("TEXT");
});

test("people have two letters, from their names or from their addresses", () => {
  expect(initials("Maja Lindqvist")).toBe("ML");
  expect(initials("Guest: P. Weber")).toBe("GW");
  expect(initials("maja@example.com")).toBe("MA");
});

test("a picture that no browser shows is for pages once there are copies of it", () => {
  expect(isForPages({ contentType: "image/heic" })).toBe(false);
  expect(isForPages({ contentType: "image/heic", variants: [{}] })).toBe(true);
  expect(isForPages({ contentType: "image/tiff" })).toBe(false);
  expect(isForPages({ contentType: "image/jpeg" })).toBe(true);
  expect(isForPages({ contentType: "video/mp4" })).toBe(true);
  expect(isForPages({ contentType: "video/x-msvideo" })).toBe(false);
  expect(isForPages({ contentType: "audio/mpeg" })).toBe(true);
  expect(isForPages({ contentType: "audio/midi" })).toBe(false);
});
