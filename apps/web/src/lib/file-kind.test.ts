import { expect, test } from "vitest";
import { fileKind, typeLabel } from "./file-kind";
import { initials } from "./initials";

test("a type's kind ignores its parameters", () => {
  expect(fileKind("text/csv; charset=utf-8")).toBe("table");
  expect(fileKind("image/jpeg")).toBe("image");
  expect(fileKind("video/quicktime")).toBe("video");
  expect(fileKind("application/ogg")).toBe("audio");
  expect(fileKind("application/zip")).toBe("archive");
  expect(fileKind("application/octet-stream")).toBe("other");
});

test("a picture is one whether browsers can draw it or not", () => {
  expect(fileKind("image/heic")).toBe("image");
  expect(fileKind("image/tiff")).toBe("image");
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
