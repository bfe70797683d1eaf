import {
  hasSignature,
  isActiveType,
  isTextType,
  normalizeType,
  unknownType,
} from "../../bytes/content-types";
import { AppError } from "../../ground/errors";

/**
 * Reads the type that a client claims. It is only a claim: `resolveType` holds it against the bytes.
 * @returns null where none is claimed
 * @throws AppError UNSUPPORTED_MEDIA_TYPE for types that browsers run, and for those that cannot be checked
 */
export function readClaimedType(contentType: string | null | undefined): string | null {
  if (!contentType?.trim()) return null;
  const type = normalizeType(contentType);
  const accepted =
    !isActiveType(type) && (type === unknownType || isTextType(type) || hasSignature(type));
  if (!accepted) throw new AppError("UNSUPPORTED_MEDIA_TYPE", { contentType: type });
  return type === unknownType ? null : type;
}
