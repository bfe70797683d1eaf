import { typeOf } from "./file-type";
import { requireReadable } from "./local-file";
import { timeoutSignal } from "./signals";
import type { UploadContext } from "./upload-context";
import type { UploadMediaOptions } from "./upload-options";

/** How long a cancelled upload waits for the server to release its quota. */
export const releaseMs = 5_000;

/** What the server is told of a file before any byte is sent. */
export async function describe(
  file: Blob,
  { filename, visibility = "public" }: UploadMediaOptions,
) {
  const type = typeOf(file, await requireReadable(file));
  return {
    filename: filename ?? nameOf(file) ?? "untitled",
    contentType: type || "application/octet-stream",
    sizeBytes: file.size,
    visibility,
  };
}

/** Gives back the quota that a pending upload holds, and its bytes. When this fails, too, the server's sweep does it. */
export async function release({ trpc }: UploadContext, key: string): Promise<void> {
  const signal = timeoutSignal(releaseMs);
  await trpc.storage.abortUpload.mutate({ key }, { signal }).catch(() => {});
}

export function nameOf(file: Blob): string | undefined {
  return "name" in file && typeof file.name === "string" ? file.name : undefined;
}
