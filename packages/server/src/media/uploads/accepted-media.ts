import { claimedTypeOf, isActiveType, normalizeType } from "../../bytes/content-types";
import { decideType, refuseActive, refusedType } from "../../bytes/decide-type";
import type { ByteFacts } from "../../bytes/sniff-facts";
import type { AppError } from "../../ground/errors";

/** @throws AppError UNSUPPORTED_MEDIA_TYPE for types that browsers run as pages or scripts */
export function requireAcceptedMedia(contentType: string): void {
  const type = normalizeType(contentType);
  if (isActiveType(type)) throw refusedType(type, refuseActive(type));
}

/**
 * Why bytes cannot be the picture, film or sound that they were called; null where they may be. The store serves media
 * under the type that was signed, so a claim stands or falls, and is never made more precise. What is neither is a download.
 */
export function refusalOf(
  { contentType, filename }: { contentType: string; filename: string },
  facts: ByteFacts,
): AppError | null {
  const claimed = claimedTypeOf(contentType);
  if (!claimed || !/^(image|video|audio)\//.test(claimed)) return null;
  const decision = decideType({ claimed, filename, facts });
  return "refusal" in decision ? refusedType(claimed, decision, facts.signature) : null;
}
