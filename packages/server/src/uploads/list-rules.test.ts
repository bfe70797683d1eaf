import { limits } from "@fermata/contract";
import { expect, test } from "vitest";
import { listUploadRules } from "./list-rules";
import { upload } from "./upload-rule";

test("tells clients what each rule takes, with the usual bounds where it says none", () => {
  const uploads = {
    invoice: upload({ types: ["application/pdf"], maxBytes: 10_000_000 }).allow(() => false),
    film: upload({ kind: "media" }),
    note: upload(),
  };
  expect(listUploadRules({ uploads }).rules).toEqual([
    { name: "invoice", kind: "file", types: ["application/pdf"], maxBytes: 10_000_000 },
    { name: "film", kind: "media", types: null, maxBytes: limits.storage.maxBytes },
    { name: "note", kind: "file", types: null, maxBytes: limits.files.maxBytes },
  ]);
});
