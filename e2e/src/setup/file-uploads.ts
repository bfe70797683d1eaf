import type { Rpc } from "./rpc";

interface Grant {
  url: string;
  expiresAt: string;
  maxBytes: number;
}

/** What the server said to a raw request, outside tRPC. */
export interface HttpAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the wire has no types, and these tests are about the wire.
  body: any;
  /** The appCode of a refusal. */
  appCode: string | undefined;
}

export async function grantFile(rpc: Rpc, terms: Record<string, unknown> = {}): Promise<Grant> {
  const { data, error } = await rpc.mutate("files.generateUploadUrl", terms);
  if (error) throw new Error(`no upload URL: ${error.message}`);
  return data;
}

export async function postFile(
  url: string,
  bytes: Uint8Array | ReadableStream<Uint8Array>,
  headers: Record<string, string>,
): Promise<HttpAnswer> {
  const response = await fetch(url, {
    method: "POST",
    headers,
    body: bytes instanceof Uint8Array ? new Uint8Array(bytes) : bytes,
    duplex: "half",
  } as RequestInit);
  const body = await response.json();
  return { status: response.status, body, appCode: body.error?.appCode };
}

/** Uploads a file in one go and answers with its storageId. */
export async function uploadFile(
  rpc: Rpc,
  bytes: Uint8Array,
  contentType: string,
): Promise<string> {
  const { url } = await grantFile(rpc);
  const { body, status } = await postFile(url, bytes, { "content-type": contentType });
  if (status !== 200) throw new Error(`the upload was refused: ${JSON.stringify(body)}`);
  return body.storageId;
}

/** How many files a user has, as the list says. */
export async function countFiles(rpc: Rpc): Promise<number> {
  const { data } = await rpc.query("files.list", { limit: 100 });
  return data.items.length;
}
