import { isActiveType, isCompatible, isTextType, unknownType } from "../../bytes/content-types";
import { sniffType } from "../../bytes/sniff-type";
import { AppError } from "../../ground/errors";

/**
 * The type to store for bytes that begin with this sample.
 * @param claimed from `readClaimedType`; a text type still needs `TextCheck` over all its bytes
 * @throws AppError UNSUPPORTED_MEDIA_TYPE when the bytes contradict the claim
 */
export async function resolveType(claimed: string | null, sample: Uint8Array): Promise<string> {
  const sniffed = await sniffType(sample);
  if (!claimed) return sniffed && !isActiveType(sniffed) ? sniffed : unknownType;
  if (isTextType(claimed)) {
    // Some text has a signature too, such as a calendar or XML; it is shown as the text that it is.
    if (!sniffed || /^text\/|^application\/(xml|rtf)$/.test(sniffed)) return claimed;
  } else if (sniffed && isCompatible(claimed, sniffed)) {
    return sniffed;
  }
  throw new AppError("UNSUPPORTED_MEDIA_TYPE", { contentType: claimed, found: sniffed });
}
