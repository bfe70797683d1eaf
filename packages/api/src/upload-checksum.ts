import type { IHasher } from "hash-wasm";

/** What is used of a hash, whoever computes it. */
export interface RunningHash {
  update(chunk: Uint8Array): unknown;
  digest(encoding: "hex"): string;
}

/** Hashers that are free: each holds some memory of its own. */
const idle: IHasher[] = [];
let isRefused = false;

/**
 * Reads the bytes in small chunks, so that a page stays responsive.
 * @returns the MD5 in base64, as Content-MD5 wants it; null where the page's policy forbids WebAssembly, and after an abort
 */
export async function md5Of(bytes: Blob, signal?: AbortSignal): Promise<string | null> {
  const hex = await md5HexOf(bytes, signal);
  return hex === null ? null : hexToBase64(hex);
}

export async function md5HexOf(bytes: Blob, signal?: AbortSignal): Promise<string | null> {
  // React Native reads a blob only to send it.
  if (!bytes.stream) return null;
  const native = createNativeHash("md5");
  if (native) return digest(native, bytes, signal);
  const hasher = await takeHasher();
  if (!hasher) return null;
  try {
    return await digest(hasher.init(), bytes, signal);
  } finally {
    idle.push(hasher);
  }
}

/** Browsers keep it from pages that are served without TLS from another machine. */
export function hasSha256(): boolean {
  return createNativeHash("sha256") !== null || globalThis.crypto?.subtle !== undefined;
}

/** Of bytes that memory holds well. @returns null where the page may not have it */
export async function sha256HexOf(bytes: Blob): Promise<string | null> {
  if (!globalThis.crypto?.subtle || !bytes.arrayBuffer) return null;
  const digest = await crypto.subtle.digest("SHA-256", await bytes.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function digest(md5: RunningHash, bytes: Blob, signal?: AbortSignal): Promise<string | null> {
  const reader = bytes.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return md5.digest("hex");
    if (signal?.aborted) {
      await reader.cancel();
      return null;
    }
    md5.update(value);
  }
}

interface NodeProcess {
  getBuiltinModule?(name: string): { createHash(algorithm: string): RunningHash } | undefined;
}

/** Node has hashes that need no copy of the bytes; asked for in a way that bundlers for browsers do not see. */
export function createNativeHash(algorithm: "md5" | "sha256"): RunningHash | null {
  const { process } = globalThis as { process?: NodeProcess };
  return process?.getBuiltinModule?.("node:crypto")?.createHash(algorithm) ?? null;
}

async function takeHasher(): Promise<IHasher | null> {
  const free = idle.pop();
  if (free || isRefused) return free ?? null;
  try {
    const { createMD5 } = await import("./md5-hasher");
    return await createMD5();
  } catch {
    isRefused = true;
    return null;
  }
}

export function hexToBase64(hex: string): string {
  return btoa(hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16))));
}

export function base64ToHex(base64: string): string {
  const bytes = Array.from(atob(base64), (char) => char.charCodeAt(0));
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
