import { contentDisposition } from "../../bytes/content-disposition";
import { isInertType } from "../../bytes/content-types";

/** How a browser presents the object: in place where its type is harmless, else as a download. */
export function mediaDisposition(contentType: string, filename: string): string {
  return contentDisposition(isInertType(contentType) ? "inline" : "attachment", filename);
}
