import type { S3Client } from "@aws-sdk/client-s3";
import { S3RequestPresigner } from "@aws-sdk/s3-request-presigner";
import type { ObjectPlace, S3ObjectStoreConfig } from "./config";

type SignableRequest = Parameters<S3RequestPresigner["presign"]>[0];

/** Reading URLs are signed as of a day before they end, so the same end gives the same URL. */
const readSeconds = 86_400;

/** What the SDK leaves unsigned unless it is named here; R2 checks only what is signed. */
const signableHeaders = new Set([
  "host",
  "content-type",
  "content-length",
  "content-disposition",
  "content-md5",
  "if-none-match",
]);

/**
 * Signs URLs from bare requests with the SDK's own signer: its `getSignedUrl` builds a whole command for each,
 * several times slower.
 */
export function createPresigner(client: S3Client, config: S3ObjectStoreConfig) {
  const signer = new S3RequestPresigner({ ...client.config });
  const endpoint = new URL(config.endpoint);
  const inPath = config.forcePathStyle ?? true;

  function bare(
    method: "PUT" | "GET",
    { bucket, key }: ObjectPlace,
    query: Record<string, string>,
    headers: Record<string, string>,
  ): SignableRequest {
    const root = endpoint.pathname.replace(/\/$/, "");
    const host = inPath ? endpoint.host : `${bucket}.${endpoint.host}`;
    return {
      method,
      protocol: endpoint.protocol,
      hostname: inPath ? endpoint.hostname : `${bucket}.${endpoint.hostname}`,
      ...(endpoint.port && { port: Number(endpoint.port) }),
      path: inPath ? `${root}/${bucket}/${key}` : `${root}/${key}`,
      query: { ...query },
      headers: { host, ...headers },
    };
  }

  return {
    async put(
      place: ObjectPlace,
      query: Record<string, string>,
      headers: Record<string, string>,
      ttlSeconds: number,
    ): Promise<string> {
      const request = bare("PUT", place, query, headers);
      return toUrl(await signer.presign(request, { expiresIn: ttlSeconds, signableHeaders }));
    },

    async get(place: ObjectPlace, query: Record<string, string>, expiresAt: Date): Promise<string> {
      const signingDate = new Date(expiresAt.getTime() - readSeconds * 1000);
      const request = bare("GET", place, query, {});
      return toUrl(await signer.presign(request, { expiresIn: readSeconds, signingDate }));
    },
  };
}

function toUrl({ protocol, hostname, port, path, query }: SignableRequest): string {
  const pairs = Object.entries(query ?? {}).map(
    ([name, value]) => `${encode(name)}=${encode(String(value))}`,
  );
  return `${protocol}//${hostname}${port ? `:${port}` : ""}${path}?${pairs.sort().join("&")}`;
}

/** RFC 3986, as the signature was computed. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
