import { placeholderUrl } from "@fermata/api";

/** A ThumbHash as the ground of whatever the picture will cover, once, at the picture's size; nothing where there is none. */
export function placeholderStyle(
  thumbHash: string | undefined,
  fit: "cover" | "contain" = "cover",
) {
  const url = thumbHash && placeholderUrl(thumbHash);
  return url ? { background: `center / ${fit} no-repeat url("${url}")` } : undefined;
}
