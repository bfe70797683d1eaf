import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@fermata/embedded/testing/free-port";
import { Miniflare } from "miniflare";

const path = "/cdn-cgi/local/r2/s3";

export interface S3Store {
  origin: string;
  /** What a server that reaches the store at this origin is told. */
  envAt(origin: string): Record<string, string>;
  /** Every key with its size, asked of the store itself. */
  keys(): Promise<Map<string, number>>;
  /** A bucket past its S3 API, by its binding: `PUBLIC`, `PRIVATE` or `BACKUPS`. */
  bucket(binding: string): Promise<ListedBucket>;
  close(): Promise<void>;
}

/** The part of the simulator's own door that is used: its types name another library's. */
interface ListedBucket {
  put(key: string, bytes: string): Promise<unknown>;
  list(page: { limit?: number; cursor?: string; prefix?: string }): Promise<{
    objects: { key: string; size: number }[];
    truncated: boolean;
    cursor?: string;
  }>;
}

/** A real S3 API on 127.0.0.1: Cloudflare's own simulator of R2, with two buckets, and a third one for backups. */
export async function startS3Store(): Promise<S3Store> {
  // Else it asks the internet for facts about this machine's place.
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
  const dir = await mkdtemp(join(tmpdir(), "fermata-s3-"));
  const port = await freePort();
  const s3Credentials = { accessKeyId: "test", secretAccessKey: "a secret that only tests know" };
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    port,
    modules: true,
    script: 'export default { fetch() { return new Response("ok") } }',
    compatibilityDate: "2026-07-01",
    r2Persist: dir,
    r2Buckets: {
      PUBLIC: { id: "public", s3Credentials },
      PRIVATE: { id: "private", s3Credentials },
      BACKUPS: { id: "backups", s3Credentials },
    },
  });
  await miniflare.ready;
  return {
    origin: `http://127.0.0.1:${port}`,
    envAt: (origin) => ({
      S3_ENDPOINT: `${origin}${path}`,
      S3_ACCESS_KEY_ID: s3Credentials.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3Credentials.secretAccessKey,
      S3_PUBLIC_BUCKET: "public",
      S3_PRIVATE_BUCKET: "private",
      S3_PUBLIC_URL: "https://media.example.com",
    }),
    async keys() {
      const keys = new Map<string, number>();
      for (const name of ["PUBLIC", "PRIVATE"]) {
        const bucket = (await miniflare.getR2Bucket(name)) as unknown as ListedBucket;
        let cursor: string | undefined;
        do {
          const page = await bucket.list({ limit: 1000, ...(cursor && { cursor }) });
          for (const { key, size } of page.objects) keys.set(key, size);
          cursor = page.truncated ? page.cursor : undefined;
        } while (cursor);
      }
      return keys;
    },
    bucket: async (binding) => (await miniflare.getR2Bucket(binding)) as unknown as ListedBucket,
    async close() {
      await miniflare.dispose();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
