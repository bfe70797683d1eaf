import { md5HexOf } from "./upload-checksum";

const edgeBytes = 1024 * 1024;

/**
 * What the same file is known by after a reload or in another browser: its name, size, time of change, and hashes of its
 * first and last MiB.
 * @returns null where the page can compute no hash
 */
export async function fingerprintOf(file: Blob, filename: string): Promise<string | null> {
  const changedAt = "lastModified" in file ? Number(file.lastModified) : 0;
  const edges = [file.slice(0, edgeBytes), file.slice(-edgeBytes)];
  const hashes = await Promise.all(edges.map(hash));
  if (hashes.includes(null)) return null;
  const facts = JSON.stringify([filename, file.size, changedAt, ...hashes]);
  return hash(new Blob([facts]));
}

async function hash(bytes: Blob): Promise<string | null> {
  // Browsers keep it from pages that are served without TLS from another machine.
  if (!globalThis.crypto?.subtle) {
    const md5 = await md5HexOf(bytes);
    return md5 && `md5-${md5}`;
  }
  const digest = await crypto.subtle.digest("SHA-256", await bytes.arrayBuffer());
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0"));
  return `sha256-${hex.join("")}`;
}
