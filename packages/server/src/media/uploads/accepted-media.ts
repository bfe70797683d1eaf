import { claimedTypeOf, isActiveType, normalizeType } from "../../bytes/content-types";
import { decideType, refuseActive } from "../../bytes/decide-type";
import type { ByteFacts } from "../../bytes/sniff-facts";
import { AppError } from "../../ground/errors";

/** @throws AppError UNSUPPORTED_MEDIA_TYPE for types that browsers run as pages or scripts */
export function requireAcceptedMedia(contentType: string): void {
  const type = normalizeType(contentType);
  if (!isActiveType(type)) return;
  throw new AppError("UNSUPPORTED_MEDIA_TYPE", { contentType: type }, refuseActive(type).refusal);
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
  if (!("refusal" in decision)) return null;
  const { refusal: reason } = decision;
  const details = { contentType: claimed, found: facts.signature, reason };
  return new AppError("UNSUPPORTED_MEDIA_TYPE", details, reason);
}
