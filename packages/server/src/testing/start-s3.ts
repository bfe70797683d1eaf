import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@fermata/embedded/testing/free-port";
import { Miniflare } from "miniflare";
import type { S3ObjectStoreConfig } from "../adapters/object-store/s3";

/** A real S3 API on 127.0.0.1: Cloudflare's own simulator of R2, with two buckets. */
export async function startS3(): Promise<{
  config: S3ObjectStoreConfig;
  close(): Promise<void>;
}> {
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
    },
  });
  await miniflare.ready;
  return {
    config: {
      endpoint: `http://127.0.0.1:${port}/cdn-cgi/local/r2/s3`,
      region: "auto",
      ...s3Credentials,
      publicBucket: "public",
      privateBucket: "private",
      publicBaseUrl: "https://media.example.com",
    },
    async close() {
      await miniflare.dispose();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
