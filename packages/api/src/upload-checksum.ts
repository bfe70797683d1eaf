import { createMD5, type IHasher } from "hash-wasm";

/** What is used of a hash, whoever computes it. */
interface Md5 {
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
export async function md5Of(
  bytes: Blob | Uint8Array[],
  signal?: AbortSignal,
): Promise<string | null> {
  const hex = await md5HexOf(bytes, signal);
  return hex === null ? null : hexToBase64(hex);
}

export async function md5HexOf(
  bytes: Blob | Uint8Array[],
  signal?: AbortSignal,
): Promise<string | null> {
  const native = createNativeMd5();
  if (native) return digest(native, bytes, signal);
  const hasher = await takeHasher();
  if (!hasher) return null;
  try {
    return await digest(hasher.init(), bytes, signal);
  } finally {
    idle.push(hasher);
  }
}

async function digest(
  md5: Md5,
  bytes: Blob | Uint8Array[],
  signal?: AbortSignal,
): Promise<string | null> {
  if (!(bytes instanceof Blob)) {
    for (const chunk of bytes) md5.update(chunk);
    return md5.digest("hex");
  }
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
  getBuiltinModule?(name: string): { createHash(algorithm: string): Md5 } | undefined;
}

/** Node has one that is faster than WebAssembly; asked for in a way that bundlers for browsers do not see. */
function createNativeMd5(): Md5 | null {
  const { process } = globalThis as { process?: NodeProcess };
  return process?.getBuiltinModule?.("node:crypto")?.createHash("md5") ?? null;
}

async function takeHasher(): Promise<IHasher | null> {
  const free = idle.pop();
  if (free || isRefused) return free ?? null;
  try {
    return await createMD5();
  } catch {
    isRefused = true;
    return null;
  }
}

function hexToBase64(hex: string): string {
  return btoa(hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16))));
}
