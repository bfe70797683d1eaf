import type { FileType } from "@fermata/contract";

/** What each kind of file is called. The contract's own list would bring zod into the page. */
export const fileTypeTexts: Record<FileType, string> = {
  image: "Images",
  document: "Documents",
  table: "Tables",
  audio: "Audio",
  video: "Video",
  archive: "Archives",
  other: "Other",
};

export const fileTypes = Object.keys(fileTypeTexts) as FileType[];
