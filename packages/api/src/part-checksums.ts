import { FermataError } from "./api-error";
import { laneCount, takeMd5Lanes } from "./md5-lanes";
import { createNativeHash, hasSha256, hexToBase64, md5Of, sha256HexOf } from "./upload-checksum";

/** A base64 MD5 or a hex SHA-256; neither where nothing can be computed. */
export interface PartChecksum {
  md5?: string;
  sha256?: string;
}

export type ChecksumKind = "md5" | "sha256";

/** As many parts of one size are hashed for little more than the price of one. */
export const groupParts = laneCount;
/** Read at once: small, so that a page stays responsive, and large enough to be worth asking for. */
const sliceBytes = 4 * 1024 * 1024;
/** What browsers compute a SHA-256 of must be in memory as a whole: of larger parts, as the largest files have, it is an MD5. */
const wholeBytes = 16 * 1024 * 1024;

/**
 * The checksums of up to `groupParts` parts. Where a SHA-256 cannot be had they are MD5s, which every store takes.
 * @throws FermataError ABORTED
 */
export async function checksumsOf(
  parts: (Blob | Uint8Array)[],
  kind: ChecksumKind,
  signal?: AbortSignal,
): Promise<PartChecksum[]> {
  // React Native reads a blob only to send it.
  if (parts.some((part) => part instanceof Blob && !part.arrayBuffer)) return parts.map(() => ({}));
  const able = kind === "sha256" && !hasSha256() ? "md5" : kind;
  const md5s = able === "md5" ? await md5sInLanes(parts, signal) : null;
  return md5s ?? Promise.all(parts.map((part) => checksumOf(part, able, signal)));
}

/** @returns null where they differ in size, and where this engine cannot, or may not */
async function md5sInLanes(
  parts: (Blob | Uint8Array)[],
  signal?: AbortSignal,
): Promise<PartChecksum[] | null> {
  const sizeBytes = sizeOf(parts[0]);
  const isWorthIt = parts.length > 1 && parts.every((part) => sizeOf(part) === sizeBytes);
  const lanes = isWorthIt ? await takeMd5Lanes() : null;
  if (!lanes) return null;
  try {
    for (let at = 0; at < sizeBytes; at += sliceBytes) {
      lanes.update(await Promise.all(parts.map((part) => readSlice(part, at, signal))));
    }
    return lanes.digest(parts.length).map((hex) => ({ md5: hexToBase64(hex) }));
  } finally {
    lanes.release();
  }
}

async function checksumOf(
  part: Blob | Uint8Array,
  kind: ChecksumKind,
  signal?: AbortSignal,
): Promise<PartChecksum> {
  const native = createNativeHash(kind);
  if (native) {
    for (let at = 0; at < sizeOf(part); at += sliceBytes) {
      native.update(await readSlice(part, at, signal));
    }
    const hex = native.digest("hex");
    return kind === "sha256" ? { sha256: hex } : { md5: hexToBase64(hex) };
  }
  const blob = part instanceof Blob ? part : new Blob([new Uint8Array(part)]);
  const sha256 = kind === "sha256" && blob.size <= wholeBytes ? await sha256HexOf(blob) : null;
  if (sha256) return { sha256 };
  const md5 = await md5Of(blob, signal);
  if (signal?.aborted) throw new FermataError("ABORTED");
  return md5 ? { md5 } : {};
}

function sizeOf(part: Blob | Uint8Array | undefined): number {
  return (part instanceof Blob ? part.size : part?.byteLength) ?? 0;
}

async function readSlice(part: Blob | Uint8Array, at: number, signal?: AbortSignal) {
  if (signal?.aborted) throw new FermataError("ABORTED");
  if (!(part instanceof Blob)) return part.subarray(at, at + sliceBytes);
  return new Uint8Array(await part.slice(at, at + sliceBytes).arrayBuffer());
}
