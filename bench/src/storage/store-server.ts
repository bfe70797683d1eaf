import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@fermata/embedded/testing/free-port";
import { Miniflare } from "miniflare";
import { startServer } from "../servers";

const serve = fileURLToPath(new URL("../../../apps/web/dist/serve.js", import.meta.url));
const admin = { email: "bench@example.com", password: "a sentence that nobody guesses" };

/** The simulator's own S3, for clients that are not ours. */
export interface S3Access {
  endpoint: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export interface StoreServer {
  url: string;
  token: string;
  s3: S3Access | null;
  /** Calls a mutation. */
  call<T>(path: string, input: object): Promise<T>;
  /** The most memory that the server held since the last call. */
  takePeakMiB(): Promise<number>;
  close(): Promise<void>;
}

/** The self-hosted server on the disk, or on Cloudflare's simulator of R2. */
export async function startStoreServer(kind: "disk" | "miniflare"): Promise<StoreServer> {
  const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
  const s3 = kind === "miniflare" ? await startMiniflare(join(dir, "r2")) : null;
  const server = await startServer([serve], {
    ...s3?.env,
    FERMATA_DATA: join(dir, "data"),
    FERMATA_ADMIN_EMAIL: admin.email,
    FERMATA_ADMIN_PASSWORD: admin.password,
  });
  let token = "";
  const call = async <T>(path: string, input: object): Promise<T> => {
    const response = await fetch(`${server.url}/api/trpc/${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(input),
    });
    const body = (await response.json()) as { result?: { data: T }; error?: { message: string } };
    if (!body.result) throw new Error(body.error?.message ?? `${path}: ${response.status}`);
    return body.result.data;
  };
  token = (await call<{ token: string }>("auth.createToken", admin)).token;
  return {
    url: server.url,
    token,
    s3: s3 && {
      endpoint: s3.env.S3_ENDPOINT,
      bucket: s3.env.S3_PRIVATE_BUCKET,
      accessKeyId: s3.env.S3_ACCESS_KEY_ID,
      secretAccessKey: s3.env.S3_SECRET_ACCESS_KEY,
    },
    call,
    async takePeakMiB() {
      const status = await readFile(`/proc/${server.pid}/status`, "utf8");
      // Begins the count anew.
      await writeFile(`/proc/${server.pid}/clear_refs`, "5");
      return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
    },
    async close() {
      await server.stop();
      await s3?.miniflare.dispose();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function startMiniflare(r2Persist: string) {
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
  const port = await freePort();
  const s3Credentials = { accessKeyId: "bench", secretAccessKey: "a secret of this bench" };
  const miniflare = new Miniflare({
    host: process.env.HOST ?? "127.0.0.1",
    port,
    modules: true,
    script: 'export default { fetch() { return new Response("ok") } }',
    compatibilityDate: "2026-07-01",
    r2Persist,
    r2Buckets: {
      PUBLIC: { id: "public", s3Credentials },
      PRIVATE: { id: "private", s3Credentials },
    },
  });
  await miniflare.ready;
  return {
    miniflare,
    env: {
      S3_ENDPOINT: `http://127.0.0.1:${port}/cdn-cgi/local/r2/s3`,
      S3_ACCESS_KEY_ID: s3Credentials.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3Credentials.secretAccessKey,
      S3_PUBLIC_BUCKET: "public",
      S3_PRIVATE_BUCKET: "private",
      S3_PUBLIC_URL: "https://media.example.com",
    },
  };
}
