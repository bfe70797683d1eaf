import type { UploadTarget } from "@fermata/api";

/** Types that browsers have no name for, by the end of the file's name. */
const cameraEndings =
  /\.(heic|heif|avif|jxl|tiff?|dng|mov|mkv|m4v|mts|m2ts|flac|aiff?|opus|mid|midi)$/i;

/**
 * A report or an archive holds more than it shows: sent where media are public, it becomes public only where somebody said
 * so of everything.
 */
export function splitForPublic(
  files: File[],
  target: UploadTarget,
  isForEverything: boolean,
): { shared: File[]; kept: File[] } {
  // The API makes media public unless told otherwise.
  const isPublic = target.kind === "media" && target.options?.visibility !== "private";
  if (!isPublic || isForEverything) return { shared: files, kept: [] };
  return {
    shared: files.filter(isForEyesOrEars),
    kept: files.filter((file) => !isForEyesOrEars(file)),
  };
}

function isForEyesOrEars({ type, name }: File): boolean {
  return /^(image|video|audio)\//.test(type) || cameraEndings.test(name);
}
