import { normalizeType } from "../../bytes/content-types";

/** What there is to do for a media of this type: make smaller pictures, read a container's facts, or nothing. */
export function processingKind(contentType: string): "picture" | "clip" | null {
  const type = normalizeType(contentType);
  if (type === "image/svg+xml") return null;
  if (type.startsWith("image/")) return "picture";
  return /^(video|audio)\//.test(type) || type === "application/ogg" ? "clip" : null;
}

const readable =
  /^(image\/(jpeg|png|webp|gif|avif|hei[cf]|tiff)|audio\/(mpeg|mp3)|application\/ogg|video\/mp2t|(audio|video)\/(x-)?(mp4|m4[av]|quicktime|webm|matroska|ogg|opus|flac|wave?|vnd\.wave|aac))$/;

/** Whether something here reads this type: of another, such as MIDI or AVI, nothing is found out, and nothing is wrong. */
export function hasReader(contentType: string): boolean {
  return readable.test(normalizeType(contentType));
}
