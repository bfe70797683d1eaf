export type FileKind = "image" | "video" | "audio" | "table" | "document" | "archive" | "other";

/** The broad kind of a media type: it chooses an icon. What can be shown of a picture is for `shown-by-browsers` to say. */
export function fileKind(contentType: string): FileKind {
  const type = contentType.split(";")[0]?.trim() ?? "";
  if (type.startsWith("image/")) return "image";
  if (type.startsWith("video/")) return "video";
  if (type.startsWith("audio/") || type === "application/ogg") return "audio";
  if (/csv|spreadsheet|excel/.test(type)) return "table";
  if (/zip|tar|gzip|7z|rar/.test(type)) return "archive";
  if (/pdf|word|^text\//.test(type)) return "document";
  return "other";
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
