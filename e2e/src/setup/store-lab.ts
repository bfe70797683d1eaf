import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createFermata, type Fermata, type FermataOptions, type Media } from "@fermata/api";
import { expect } from "vitest";
import { makeDataDir } from "./data-dir";
import { type FaultProxy, startFaultProxy } from "./fault-proxy";
import { newMember, signInAdmin } from "./rpc";
import { startS3Store } from "./s3-store";
import { startSelfHosted } from "./start-server";

export interface StoreLab {
  /** Between everybody and the store; with the disk, which is the server, between clients and the server. */
  proxy: FaultProxy;
  /** A browser of the same user: each knows nothing of the others. */
  newSession(options?: Partial<FermataOptions>): Fermata;
  /** Reads the object back and compares it with its source. */
  expectWhole(media: Media, source: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** A server on the disk or on S3, with a bad network in front of the store. */
export async function startStoreLab(kind: "disk" | "S3"): Promise<StoreLab> {
  const dir = await makeDataDir();
  const s3 = kind === "S3" ? await startS3Store() : null;
  const behindS3 = s3 && (await startFaultProxy(s3.origin));
  const env = s3 && behindS3 ? s3.envAt(behindS3.origin) : {};
  const server = await startSelfHosted(join(dir, "data"), undefined, env);
  const { baseUrl } = server.target;
  const proxy = behindS3 ?? (await startFaultProxy(baseUrl));
  const url = behindS3 ? baseUrl : proxy.origin;
  const { token = "" } = await newMember(server.target, await signInAdmin(server.target));
  const newSession: StoreLab["newSession"] = (options = {}) =>
    createFermata({ url, token, retry: { baseDelayMs: 20, maxDelayMs: 200 }, ...options });
  const reader = newSession();
  return {
    proxy,
    newSession,
    async expectWhole({ key, status, sizeBytes }, source) {
      // The proxy in front of the disk makes the URL lead through itself.
      proxy.plan(() => null);
      const filename = "read back";
      const readUrl = await reader.trpc.storage.getUrl.query({ key, filename });
      const stored = new Uint8Array(await (await fetch(readUrl ?? "")).arrayBuffer());
      expect([status, sizeBytes]).toEqual(["ready", source.byteLength]);
      expect(sha256(stored)).toBe(sha256(source));
    },
    async close() {
      await proxy.close();
      await server.stop();
      await s3?.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Whether a request carries a part of an upload. */
export function isPart({ method, url }: { method?: string; url?: string }): boolean {
  return method === "PUT" && /[?&]partNumber=/.test(url ?? "");
}
