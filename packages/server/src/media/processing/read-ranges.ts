import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import type { BucketName } from "../../ports/object-store";

/** Reads an object where it lies, for who needs parts of it. */
export function readRanges(
  { objects }: Pick<Services, "objects">,
  place: { bucket: BucketName; key: string },
) {
  return async (start: number, end: number): Promise<Uint8Array> => {
    const part = await objects.get(place.bucket, place.key, { start, end: end - 1 });
    if (!part) throw new AppError("NOT_FOUND", { reason: "the store has no such object" });
    return new Uint8Array(await new Response(part.body).arrayBuffer());
  };
}
