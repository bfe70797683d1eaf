export type FileKind = "image" | "video" | "audio" | "table" | "document" | "archive" | "other";

/** The broad kind of a media type: it chooses an icon and whether a preview can be shown. */
export function fileKind(contentType: string): FileKind {
  const type = contentType.split(";")[0]?.trim() ?? "";
  if (/^image\/(jpeg|png|gif|webp|avif|svg\+xml|bmp)$/.test(type)) return "image";
  if (type.startsWith("video/")) return "video";
  if (type.startsWith("audio/")) return "audio";
  if (/csv|spreadsheet|excel/.test(type)) return "table";
  if (/zip|tar|gzip|7z|rar/.test(type)) return "archive";
  if (/pdf|word|^text\//.test(type)) return "document";
  return "other";
}

/** Whether browsers show or play it on a page: films and sounds, pictures of their formats, and any picture that copies were made of. */
export function isForPages(media: { contentType: string; variants?: readonly unknown[] }): boolean {
  const { contentType, variants = [] } = media;
  if (contentType.startsWith("audio/"))
    return /^audio\/(mpeg|mp4|x-m4a|aac|ogg|webm|wav|flac)/.test(contentType);
  if (contentType.startsWith("video/"))
    return !/^video\/(x-msvideo|avi|mpeg|x-ms-wmv)/.test(contentType);
  return (
    fileKind(contentType) === "image" || (contentType.startsWith("image/") && variants.length > 0)
  );
}

/** `image/jpeg` as `JPEG`, for tables. */
export function typeLabel(contentType: string): string {
  const subtype = contentType.split(";")[0]?.split("/")[1] ?? contentType;
  if (subtype === "octet-stream") return "Bytes";
  if (subtype === "plain") return "Text";
  const short =
    subtype
      .replace(/^x-|^vnd\.|\+xml$/g, "")
      .split(/[.-]/)
      .at(-1) ?? subtype;
  return short.length > 5 ? short.charAt(0).toUpperCase() + short.slice(1) : short.toUpperCase();
}
