import { md5HexOf, sha256HexOf } from "./upload-checksum";

/** Little, since it is read before anything is sent: whoever goes on compares what was sent with the bytes themselves. */
const edgeBytes = 64 * 1024;

/**
 * What the same file is known by after a reload or in another browser: its name, size, time of change, and hashes of its
 * first and last 64 KiB.
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
  const sha256 = await sha256HexOf(bytes);
  if (sha256) return `sha256-${sha256}`;
  const md5 = await md5HexOf(bytes);
  return md5 && `md5-${md5}`;
}
