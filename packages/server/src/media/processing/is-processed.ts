import { normalizeType } from "../../bytes/content-types";

/** What there is to do for a media of this type: make smaller pictures, read a container's facts, or nothing. */
export function processingKind(contentType: string): "picture" | "clip" | null {
  const type = normalizeType(contentType);
  if (type === "image/svg+xml") return null;
  if (type.startsWith("image/")) return "picture";
  return /^(video|audio)\//.test(type) ? "clip" : null;
}
