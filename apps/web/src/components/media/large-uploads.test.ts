import type { UploadItem } from "@fermata/api";
import { expect, test } from "vitest";
import { largeUploads } from "./large-uploads";

const item = (status: string, kind = "media") => ({ kind, status }) as UploadItem;

test("one or two uploads of media stand large, and files never do", () => {
  const shown = [item("uploading"), item("paused")];
  expect(largeUploads([...shown, item("uploading", "file"), item("done")])).toEqual(shown);
  expect(largeUploads([item("failed")])).toEqual([]);
});

test("many stand in the tray until the last has arrived", () => {
  const [a, b, c] = [item("uploading"), item("queued"), item("queued")];
  expect(largeUploads([a, b, c])).toEqual([]);
  expect(largeUploads([item("done"), item("done"), c])).toEqual([]);
  expect(largeUploads([item("done")])).toEqual([]);
  expect(largeUploads([item("done"), a])).toEqual([a]);
});
