import { limits } from "@fermata/contract";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import type { ImageFacts } from "../../images/read-image-facts";

/**
 * Looks at an uploaded image while its sender waits.
 * @param open reads the bytes when it is their turn: however many images arrive at once, memory stays flat
 * @returns null for what is no image, or none that can be looked at
 * @throws AppError PAYLOAD_TOO_LARGE for one that declares too many pixels, UPSTREAM_UNAVAILABLE where too many wait
 */
export async function inspectImage(
  { workbench, log }: Pick<Services, "workbench" | "log">,
  { contentType, whose }: { contentType: string; whose: string },
  open: () => Promise<Uint8Array>,
): Promise<ImageFacts | null> {
  if (!contentType.startsWith("image/")) return null;
  const { maxImagePixels: maxPixels } = limits.files;
  try {
    return await workbench.readImageFacts(open, { maxPixels, urgency: "person", whose });
  } catch (error) {
    if (error instanceof AppError && error.code !== "UNSUPPORTED_MEDIA_TYPE") throw error;
    log.warn({ err: error }, "an image could not be looked at, and is kept as it is");
    return null;
  }
}
