import type { Rpc } from "./rpc";

interface MediaTerms {
  filename: string;
  contentType: string;
  sizeBytes?: number;
  md5?: string;
  visibility?: "public" | "private";
}

interface MediaGrant {
  key: string;
  uploadUrl: string;
  method: string;
  headers: Record<string, string>;
  publicUrl: string | null;
  expiresAt: string;
}

export async function grantMedia(rpc: Rpc, terms: MediaTerms): Promise<MediaGrant> {
  const { data, error } = await rpc.mutate("storage.getUploadUrl", terms);
  if (error) throw new Error(`no upload URL: ${error.message}`);
  return data;
}

/** Sends bytes to a signed URL, with exactly the headers that were signed. */
export function putBytes(
  grant: { url: string; headers: Record<string, string> },
  bytes: Uint8Array,
): Promise<Response> {
  return fetch(grant.url, {
    method: "PUT",
    // A store may refuse before it has read the body: such a connection is not to be used again.
    headers: { ...grant.headers, connection: "close" },
    body: new Uint8Array(bytes),
  });
}

/** Uploads media in one PUT and answers with the row. */
export async function uploadMedia(
  rpc: Rpc,
  bytes: Uint8Array,
  terms: Partial<MediaTerms> = {},
): Promise<{ key: string; publicUrl: string | null; [field: string]: unknown }> {
  const grant = await grantMedia(rpc, {
    filename: "clip.bin",
    contentType: "application/octet-stream",
    sizeBytes: bytes.byteLength,
    ...terms,
  });
  const put = await putBytes({ url: grant.uploadUrl, headers: grant.headers }, bytes);
  if (!put.ok) throw new Error(`the PUT was refused: ${put.status} ${await put.text()}`);
  const { data, error } = await rpc.mutate("storage.completeUpload", { key: grant.key });
  if (error) throw new Error(`the upload was not completed: ${error.message}`);
  return data;
}
