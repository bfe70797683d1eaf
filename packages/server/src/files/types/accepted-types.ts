import { claimedTypeOf, isActiveType } from "../../bytes/content-types";
import { refuseActive, refusedType } from "../../bytes/decide-type";

/**
 * Reads the type that a client claims. It is only a claim: `resolveType` holds it against the bytes.
 * @returns null where none is claimed
 * @throws AppError UNSUPPORTED_MEDIA_TYPE for types that browsers run
 */
export function readClaimedType(contentType: string | null | undefined): string | null {
  const type = claimedTypeOf(contentType);
  if (!type || !isActiveType(type)) return type;
  if (type === "multipart/form-data") {
    throw refusedType(type, { refusal: "Send the file's bytes as they are, not as a form." });
  }
  throw refusedType(type, refuseActive(type));
}

/** The encoding that a claim tells of, where it is one that readers know. Bytes tell UTF-8 and UTF-16 themselves. */
export function readCharset(contentType: string | null | undefined): string | null {
  const [, label] = /;\s*charset\s*=\s*"?([\w.:+-]+)/i.exec(contentType ?? "") ?? [];
  if (!label) return null;
  try {
    const { encoding } = new TextDecoder(label);
    return encoding.startsWith("utf-") ? null : encoding;
  } catch {
    return null;
  }
}
