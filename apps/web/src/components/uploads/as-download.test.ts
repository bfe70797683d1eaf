import { isActiveType } from "@fermata/server/internal";
import { expect, test } from "vitest";
import { asDownload, isRunByBrowsers, keepable, tellDownloads } from "./as-download";

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

test.each([
  "text/html",
  "text/css",
  "text/xsl",
  "text/cache-manifest",
  "text/javascript",
  "text/javascript1.5",
  "application/x-javascript",
  "application/ecmascript",
  "text/livescript",
  "application/xhtml+xml",
  "application/xslt+xml",
  "application/wasm",
  "application/x-shockwave-flash",
  "application/hta",
  "image/svg+xml",
  "multipart/related",
  "text/plain",
  "text/csv",
  "application/json",
  "application/xml",
  "application/pdf",
  "image/png",
  "application/octet-stream",
])("%s is run or not, as the server has it", (type) => {
  expect(isRunByBrowsers(type)).toBe(isActiveType(type));
  expect(isRunByBrowsers(`${type.toUpperCase()}; charset=utf-8`)).toBe(isActiveType(type));
});
