import { limits } from "@fermata/contract";
import { FermataError, toFermataError } from "./api-error";
import type { Media } from "./procedures";
import type { UploadContext } from "./upload-context";
import type { MediaUploadState, UploadMediaOptions } from "./upload-options";

/** Up to this size one request carries the whole file; above it, parts: a fault, or a page that is reloaded, costs one only. */
const singlePutBytes = 8 * 1024 * 1024;
/** The same where the server takes media itself: its parts may be small. */
const directPutBytes = 4 * 1024 * 1024;

/** See `uploadMedia` in media-uploads. */
export async function uploadMedia(
  context: UploadContext,
  file: Blob,
  options: UploadMediaOptions = {},
): Promise<Media> {
  const limitBytes = limits.storage.maxBytes;
  if (file.size > limitBytes) {
    throw new FermataError("PAYLOAD_TOO_LARGE", undefined, {
      details: { limitBytes, sizeBytes: file.size },
    });
  }
  if (file.size === 0) throw new FermataError("INVALID_INPUT", "The file is empty.");
  if (options.signal?.aborted) throw new FermataError("ABORTED");
  const telling = tellStates(options);
  try {
    const told = { ...options, onState: telling.onState };
    const { takes, refusedBytes = limitBytes } = context;
    const { direct, passOn } = takes;
    if (file.size <= (direct ? directPutBytes : singlePutBytes)) {
      const directBytes = (direct ?? passOn)?.maxBytes ?? 0;
      const isTaken = file.size <= directBytes && file.size < refusedBytes;
      const taken = isTaken ? await (await loadDirect()).uploadDirect(context, file, told) : null;
      if (taken) return taken;
      // Where the store is elsewhere and the server passes nothing on.
      const whole = await (await loadWhole()).uploadWhole(context, file, told);
      if (whole) return whole;
    }
    const { uploadInParts } = await import("./upload-in-parts");
    return await uploadInParts(context, file, told);
  } catch (error) {
    throw toFermataError(error);
  } finally {
    telling.end();
  }
}

/** Loaded by whoever learns that the server takes whole files itself, before there is one. */
export function loadDirect() {
  return import("./upload-direct");
}

/** The same where it does not. */
export function loadWhole() {
  return import("./upload-whole");
}

/** Adds the pauses to the states that an upload tells of. */
function tellStates({ pause, onState }: UploadMediaOptions) {
  let latest: MediaUploadState = { phase: "preparing" };
  const tell = () => {
    const key = "key" in latest ? latest.key : null;
    onState?.(pause?.getSnapshot() ? { phase: "paused", key } : latest);
  };
  tell();
  const unsubscribe = pause?.subscribe(tell);
  return {
    onState(state: MediaUploadState) {
      latest = state;
      tell();
    },
    end: () => unsubscribe?.(),
  };
}
