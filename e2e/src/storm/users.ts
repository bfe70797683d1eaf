import { createHash } from "node:crypto";
import { type StormClient, send, Unacknowledged, within } from "./client";
import type { Random } from "./random";

/** What somebody was told: each of these is a promise. */
export interface Ledger {
  /** Stored and acknowledged, by id or key. */
  files: Map<string, string>;
  media: Map<string, string>;
  /** Deleted and acknowledged. */
  deletedFiles: Set<string>;
  deletedMedia: Set<string>;
  /** Asked to be deleted, and not answered: it is asked again when the storm is over. */
  doubtfulFiles: Set<string>;
  doubtfulMedia: Set<string>;
  acknowledged: number;
  failed: number;
}

export function emptyLedger(): Ledger {
  return {
    files: new Map(),
    media: new Map(),
    deletedFiles: new Set(),
    deletedMedia: new Set(),
    doubtfulFiles: new Set(),
    doubtfulMedia: new Set(),
    acknowledged: 0,
    failed: 0,
  };
}

export interface StormUser {
  client: StormClient;
  random: Random;
  ledger: Ledger;
}

/** Uploads, attaches, re-points and deletes until the storm is over. */
export async function act(user: StormUser, untilMs: number): Promise<void> {
  let instrumentId: string | null = null;
  while (Date.now() < untilMs) {
    try {
      const what = user.random.next();
      if (what < 0.35) await storeFile(user);
      else if (what < 0.5) await storeMedia(user);
      else if (what < 0.6) await storeInParts(user);
      else if (what < 0.75) instrumentId = await attach(user, instrumentId);
      else if (what < 0.88) await deleteFile(user);
      else await deleteMedia(user);
      user.ledger.acknowledged++;
    } catch (error) {
      if (!(error instanceof Unacknowledged)) throw error;
      user.ledger.failed++;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest("base64");
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** No type that anybody would look into. */
function someBytes(random: Random): Buffer {
  const bytes = Buffer.alloc(Math.floor(random.between(1_000, 60_000)));
  for (let i = 0; i < bytes.length; i += 4) {
    bytes.writeUInt32LE(Math.floor(random.next() * 2 ** 32), Math.min(i, bytes.length - 4));
  }
  return bytes;
}

async function storeFile({ client, random, ledger }: StormUser): Promise<string> {
  const bytes = someBytes(random);
  const headers = { "content-type": "application/octet-stream" };
  const { url } = await client.mutate("files.generateUploadUrl", {});
  const answer = await send(url, { method: "POST", headers, body: new Uint8Array(bytes) });
  const { storageId } = JSON.parse(answer.toString());
  ledger.files.set(storageId, sha256(bytes));
  return storageId;
}

async function storeMedia({ client, random, ledger }: StormUser): Promise<void> {
  const bytes = someBytes(random);
  const { key, uploadUrl, headers } = await client.mutate("storage.getUploadUrl", {
    filename: "storm.bin",
    contentType: "application/octet-stream",
    sizeBytes: bytes.length,
    visibility: "private",
  });
  const put = () => send(uploadUrl, { method: "PUT", headers, body: new Uint8Array(bytes) });
  // Its answer may be lost: what is there already is refused, and counts.
  await put().catch(async (error) => {
    if (!/^412/.test(error.message)) await put().catch((again) => requireThere(again));
  });
  await client.mutate("storage.completeUpload", { key });
  ledger.media.set(key, sha256(bytes));
}

/** Of one part, as the last one may be of any size. Now and then somebody thinks better of it, or only goes away. */
async function storeInParts({ client, random, ledger }: StormUser): Promise<void> {
  const bytes = someBytes(random);
  const { key } = await client.mutate("storage.createMultipartUpload", {
    filename: "storm-parts.bin",
    contentType: "application/octet-stream",
    sizeBytes: bytes.length,
    visibility: "private",
  });
  const mind = random.next();
  if (mind < 0.1) return;
  const part = { partNumber: 1, md5: md5(bytes) };
  const signed = await client.mutate("storage.signParts", { key, parts: [part] });
  const [{ url, headers }] = signed.urls;
  const put = await within(fetch(url, { method: "PUT", headers, body: new Uint8Array(bytes) }));
  if (!put.ok) throw new Unacknowledged(`${put.status}`);
  if (mind < 0.25) return void (await client.mutate("storage.abortUpload", { key }));
  const parts = [{ partNumber: 1, etag: put.headers.get("etag") }];
  await client.mutate("storage.completeMultipartUpload", { key, parts });
  ledger.media.set(key, sha256(bytes));
}

function requireThere(error: Error): void {
  if (!/^412/.test(error.message)) throw error;
}

async function attach(user: StormUser, instrumentId: string | null): Promise<string> {
  const { client, random } = user;
  const name = `Storm ${Math.floor(random.next() * 1e9)}`;
  const id = instrumentId ?? (await client.mutate("instruments.create", { name })).instrumentId;
  const storageId = await storeFile(user);
  const attached = await client.mutate("instruments.attachFile", {
    instrumentId: id,
    storageId,
    title: "Report",
  });
  // Now and then it is let go of again, for another.
  const [oldest] = attached.attachments ?? [];
  if (oldest && random.next() < 0.3) {
    await client.mutate("instruments.detachFile", {
      instrumentId: id,
      attachmentId: oldest.attachmentId,
    });
  }
  return id;
}

/** One of them that nobody asked to delete. */
function pickFrom(things: Map<string, string>, random: Random): string | undefined {
  const keys = [...things.keys()];
  return keys[Math.floor(random.next() * keys.length)];
}

async function deleteFile({ client, random, ledger }: StormUser): Promise<void> {
  const storageId = pickFrom(ledger.files, random);
  if (!storageId) return;
  ledger.files.delete(storageId);
  ledger.doubtfulFiles.add(storageId);
  await client.mutate("files.delete", { storageId });
  ledger.doubtfulFiles.delete(storageId);
  ledger.deletedFiles.add(storageId);
}

async function deleteMedia({ client, random, ledger }: StormUser): Promise<void> {
  const key = pickFrom(ledger.media, random);
  if (!key) return;
  ledger.media.delete(key);
  ledger.doubtfulMedia.add(key);
  await client.mutate("storage.delete", { key });
  ledger.doubtfulMedia.delete(key);
  ledger.deletedMedia.add(key);
}
