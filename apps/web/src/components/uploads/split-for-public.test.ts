import { expect, test } from "vitest";
import { splitForPublic } from "./split-for-public";

const photo = new File(["x"], "front.jpg", { type: "image/jpeg" });
const heic = new File(["x"], "IMG_2041.HEIC");
const report = new File(["x"], "report.pdf", { type: "application/pdf" });
const scans = new File(["x"], "scans.zip", { type: "application/zip" });
const all = [photo, report, heic, scans];
const toPublic = { kind: "media", options: { visibility: "public" } } as const;

test("keeps documents and archives private where photos and clips become public", () => {
  expect(splitForPublic(all, toPublic, false)).toEqual({
    shared: [photo, heic],
    kept: [report, scans],
  });
  expect(splitForPublic(all, { kind: "media" }, false).kept).toEqual([report, scans]);
});

test("leaves all together where everything was said, and where nothing is public", () => {
  expect(splitForPublic(all, toPublic, true)).toEqual({ shared: all, kept: [] });
  const isPrivate = { kind: "media", options: { visibility: "private" } } as const;
  expect(splitForPublic(all, isPrivate, false)).toEqual({ shared: all, kept: [] });
  expect(splitForPublic(all, { kind: "file" }, false)).toEqual({ shared: all, kept: [] });
});
