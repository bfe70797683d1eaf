import { expect, test } from "vitest";
import { asDownload, keepable, tellDownloads } from "./as-download";

const page = new File(["<p>"], "index.html", {
  type: "text/html",
  lastModified: 1_700_000_000_000,
});
const drawing = new File(["<svg>"], "logo.svg", { type: "image/svg+xml" });
const photo = new File(["x"], "front.jpg", { type: "image/jpeg" });

test("what browsers would run is sent as bytes, with its name and its day", async () => {
  const { name, type, lastModified } = keepable(page);
  expect([name, type, lastModified]).toEqual([
    "index.html",
    "application/octet-stream",
    1_700_000_000_000,
  ]);
  expect(await keepable(page).text()).toBe("<p>");
  expect(keepable(photo)).toBe(photo);
  expect(asDownload(new Blob(["x"])).name).toBe("untitled");
});

test("it is said of those that it was done to", () => {
  expect(tellDownloads([photo])).toBeNull();
  expect(tellDownloads([photo, page])).toBe(
    "index.html is kept as a download: browsers would run it.",
  );
  expect(tellDownloads([drawing, page])).toBe(
    "2 files are kept as downloads: browsers would run them.",
  );
});
