import { isActiveType } from "@fermata/server/internal";
import { expect, test } from "vitest";
import { isRunByBrowsers } from "../components/uploads/as-download";

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
