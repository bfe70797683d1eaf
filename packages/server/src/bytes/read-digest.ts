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
