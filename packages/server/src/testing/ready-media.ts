import type { Media } from "@fermata/contract";
import type { Services } from "../context";
import type { callerFor } from "./test-context";

interface Wanted {
  contentType: string;
  filename?: string;
  visibility?: "public" | "private";
}

/** Media of the caller's whose bytes are in the store, as after an upload by a single PUT. */
export async function readyMedia(
  services: Pick<Services, "objects">,
  caller: Awaited<ReturnType<typeof callerFor>>,
  bytes: Uint8Array,
  { contentType, filename = "sample", visibility = "public" }: Wanted,
): Promise<Media> {
  const { key } = await caller.storage.getUploadUrl({
    filename,
    contentType,
    sizeBytes: bytes.length,
    visibility,
  });
  await services.objects.put("media-private", key, onlyPart(bytes), { contentType });
  return caller.storage.completeUpload({ key });
}

async function* onlyPart(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
