import { createHash } from "node:crypto";
import type { BucketName, ObjectStore, SignedRequest } from "../../../ports/object-store";
import { httpRequest } from "../../../testing/http-request";

export interface StoreUnderTest {
  store: ObjectStore;
  /** Where the host of the store is reached, for stores that the app serves. */
  origin: string;
  close(): Promise<void>;
}

export const mib = 1024 * 1024;
export const buckets: BucketName[] = ["files", "media-public", "media-private"];

/** The store that the tests of one adapter share, and what they ask of it over and over. */
export class OpenedStore {
  #opened: StoreUnderTest | undefined;

  async open(open: () => Promise<StoreUnderTest>): Promise<void> {
    this.#opened = await open();
  }

  async close(): Promise<void> {
    await this.#opened?.close();
  }

  get store(): ObjectStore {
    return this.#isOpen().store;
  }

  get origin(): string {
    return this.#isOpen().origin;
  }

  putGrant(key: string, more: object = {}) {
    return {
      bucket: "media-private" as const,
      key,
      contentType: "image/png",
      ttlSeconds: 60,
      origin: this.origin,
      ...more,
    };
  }

  send(signed: SignedRequest, body: Uint8Array, headers: Record<string, string> = {}) {
    return httpRequest(signed.url, {
      method: signed.method,
      headers: { ...signed.headers, "content-length": String(body.byteLength), ...headers },
      body,
    });
  }

  readUrl(bucket: BucketName, key: string, more: object = {}): Promise<string> {
    const { store, origin } = this;
    return store.signGet({ bucket, key, expiresAt: inOneHour(), origin, ...more });
  }

  async content(bucket: BucketName, key: string): Promise<Buffer | null> {
    const found = await this.store.get(bucket, key);
    return found && Buffer.from(await new Response(found.body).arrayBuffer());
  }

  #isOpen(): StoreUnderTest {
    if (!this.#opened) throw new Error("the store is opened before the first test");
    return this.#opened;
  }
}

export function inOneHour(): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000 + 3_600_000);
}

export function hex(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

export function base64(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("base64");
}

export async function* chunked(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 30_000) yield bytes.subarray(at, at + 30_000);
}
