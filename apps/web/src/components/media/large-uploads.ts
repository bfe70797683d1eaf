import type { UploadItem } from "@fermata/api";

/** More than these would push away what the page is for: then all of them stand in the tray, a line each. */
const mostLarge = 2;

/** Until all have arrived: the last two of many do not grow. */
let many = false;

/** The uploads of media that the Media page shows large: those on their way, while they are few. */
export function largeUploads(items: readonly UploadItem[]): UploadItem[] {
  const going = items.filter(
    ({ kind, status }) =>
      kind === "media" && (status === "uploading" || status === "queued" || status === "paused"),
  );
  if (going.length > mostLarge) many = true;
  if (going.length === 0) many = false;
  return many ? [] : going;
}
