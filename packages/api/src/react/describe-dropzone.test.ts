import { expect, test } from "vitest";
import { FermataError } from "../api-error";
import type { UploadItem } from "../upload-queue";
import { describeDropzone } from "./describe-dropzone";

const idle = { items: [], rejected: [], isUploading: false, progress: null };

function item(filename: string, status: UploadItem["status"], error: FermataError | null = null) {
  return { filename, status, error } as UploadItem;
}

test("is silent while there is nothing to say", () => {
  expect(describeDropzone(idle)).toBe("");
});

test("tells progress in quarters, so that it is not said all the time", () => {
  const going = { ...idle, items: [item("a.png", "uploading")], isUploading: true };
  expect(describeDropzone({ ...going, progress: 0.49 })).toBe("Uploading, 25%.");
  expect(describeDropzone({ ...going, progress: 0.26 })).toBe("Uploading, 25%.");
});

test("names what was not taken and what failed, with the reason, before what arrived", () => {
  const rejected = [{ filename: "x.exe", error: new FermataError("INVALID_INPUT", "No.") }];
  const items = [
    item("a.png", "done"),
    item("b.png", "failed", new FermataError("QUOTA_EXCEEDED", "Full.")),
  ];
  expect(describeDropzone({ ...idle, items, rejected })).toBe(
    "x.exe was not taken. No. b.png failed. Full. a.png is uploaded.",
  );
});
