import { type FermataCore, partsOfClient } from "./create-core";
import { contextOf } from "./file-uploads";
import { authorization } from "./links";
import type { Media } from "./procedures";
import { Together } from "./together";
import type { UploadContext } from "./upload-context";
import { loadDirect, loadWhole, uploadMedia as upload } from "./upload-media";
import type { UploadMediaOptions } from "./upload-options";
import { Parallelism } from "./upload-parallelism";

/** One for each client: its uploads share what they have in flight. */
const contexts = new WeakMap<FermataCore, UploadContext>();

/**
 * Sends a photo or clip straight to the object store and answers with the media row, after the server has looked at the
 * stored object itself. An upload in parts that the network fails for good stays open for six days: the same file continues
 * it, in this page or another. What is cancelled or refused is released at once.
 * @throws FermataError PAYLOAD_TOO_LARGE and INVALID_INPUT (no bytes) before anything is sent; QUOTA_EXCEEDED,
 *   UNSUPPORTED_MEDIA_TYPE, UPLOAD_INCOMPLETE from the server; NETWORK once the retries are used up; ABORTED
 */
export function uploadMedia(
  client: FermataCore,
  file: Blob,
  options?: UploadMediaOptions,
): Promise<Media> {
  return upload(mediaContextOf(client), file, options);
}

/** Asks the server how it takes media, and opens connections to it, so that the first upload need not. */
export async function prepareMedia(client: FermataCore): Promise<void> {
  const takes = await client.trpc.storage.usage.query();
  (await loadDirect()).warmUp(client, 3);
  mediaContextOf(client).takes = takes;
  if (!takes.direct && !takes.passOn) await loadWhole();
}

function mediaContextOf(client: FermataCore): UploadContext {
  const known = contexts.get(client);
  if (known) return known;
  const { baseUrl, token } = partsOfClient(client);
  const context: UploadContext = {
    ...contextOf(client),
    parallelism: new Parallelism(),
    together: new Together(),
    keysUnderWay: new Set(),
    authorization: (isRefused) => authorization(token, isRefused),
    renewsTokens: typeof token === "function",
    baseUrl,
    takes: {},
  };
  contexts.set(client, context);
  return context;
}
