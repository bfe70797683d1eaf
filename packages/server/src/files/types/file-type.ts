import type { FileType } from "@fermata/contract";
import { Prisma } from "../../generated/prisma/client";

/** POSIX patterns over media types; what none of them matches is `other`. */
const patterns: Record<Exclude<FileType, "other">, string> = {
  image: "^image/",
  audio: "^audio/",
  video: "^video/",
  table: "csv|spreadsheet|excel",
  archive: "zip|tar|gzip|7z|rar",
  document: "^text/(?!csv)|pdf|msword|wordprocessing|opendocument.text|rtf",
};

/** SQL that is true for rows of File, named `f`, of this kind. */
export function ofFileType(type: FileType): Prisma.Sql {
  if (type !== "other") return Prisma.sql`f."contentType" ~ ${patterns[type]}`;
  return Prisma.sql`f."contentType" !~ ${Object.values(patterns).join("|")}`;
}
