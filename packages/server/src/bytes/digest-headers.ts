import { AppError } from "../ground/errors";

/**
 * The SHA-256 of a `Digest` header, such as `sha-256=<base64>` (RFC 3230), as hexadecimal.
 * @returns null without a header, or where it names other algorithms only
 * @throws AppError INVALID_INPUT when it is malformed
 */
export function readDigest(header: string | null): string | null {
  for (const item of header?.split(",") ?? []) {
    const [, value] = /^\s*sha-256\s*=\s*(.*?)\s*$/i.exec(item) ?? [];
    if (value === undefined) continue;
    if (!/^[A-Za-z0-9+/]{43}=$/.test(value)) {
      throw new AppError("INVALID_INPUT", { header: "digest", expected: "sha-256=<base64>" });
    }
    return Buffer.from(value, "base64").toString("hex");
  }
  return null;
}

/**
 * A `Content-MD5` header (RFC 1864), as it stands: base64.
 * @returns null without one
 * @throws AppError INVALID_INPUT when it is malformed
 */
export function readContentMd5(header: string | null): string | null {
  if (!header) return null;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(header))
    throw new AppError("INVALID_INPUT", { header: "content-md5", expected: "<base64>" });
  return header;
}

/** Whether a `Want-Digest` header (RFC 3230) asks for a SHA-256, among others or alone. */
export function wantsSha256(header: string | null): boolean {
  return /(^|,)\s*sha-256\s*([;,]|$)/i.test(header ?? "");
}

/** The checksum that an ETag of the disk's is: an MD5 in base64, or a SHA-256 in hexadecimal. */
export function checksumInEtag(etag: string): { md5?: string; sha256?: string } {
  const hex = etag.replaceAll('"', "");
  return hex.length === 64 ? { sha256: hex } : { md5: Buffer.from(hex, "hex").toString("base64") };
}
