import { hasSignature, isActiveType, isCompatible, normalizeType } from "../../bytes/content-types";
import { AppError } from "../../ground/errors";

/** @throws AppError UNSUPPORTED_MEDIA_TYPE for types that browsers run as pages or scripts */
export function requireAcceptedMedia(contentType: string): void {
  const type = normalizeType(contentType);
  if (isActiveType(type)) throw new AppError("UNSUPPORTED_MEDIA_TYPE", { contentType: type });
}

/** Whether bytes that look like `sniffed` (null: like nothing known) cannot be the picture, film or sound they were called. */
export function contradicts(contentType: string, sniffed: string | null): boolean {
  const type = normalizeType(contentType);
  if (!/^(image|video|audio)\//.test(type)) return false;
  if (sniffed !== null) return !isCompatible(type, sniffed);
  // No signature: for the many types that always have one, that says enough.
  return hasSignature(type);
}
