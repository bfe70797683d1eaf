import { type FermataCore, partsOfClient } from "./create-core";
import { defaultRetryPolicy } from "./retry";
import type { RequestContext } from "./upload-context";
import { type UploadedFile, type UploadFileOptions, uploadFile as upload } from "./upload-file";

/**
 * Stores a small private file (at most 5 MiB, or what a rule of the server's allows) and answers with its id. Attach it to a
 * row within a day, or it is purged. What fails or is cancelled holds no quota.
 * @throws FermataError PAYLOAD_TOO_LARGE and INVALID_INPUT (no bytes, or changed since it was chosen) before anything is
 *   sent; UNSUPPORTED_MEDIA_TYPE, QUOTA_EXCEEDED, CHECKSUM_MISMATCH, UNAUTHENTICATED from the server; NETWORK once the
 *   retries are used up; ABORTED
 */
export function uploadFile(
  client: FermataCore,
  file: Blob,
  options?: UploadFileOptions,
): Promise<UploadedFile> {
  return upload(contextOf(client), file, options);
}

export function contextOf(client: FermataCore): RequestContext {
  const { trpc, fetch, retry } = partsOfClient(client);
  return { trpc, fetch, retry: { ...defaultRetryPolicy, ...retry } };
}
