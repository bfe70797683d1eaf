import { createHmac, hash, randomBytes, timingSafeEqual } from "node:crypto";

/** 128 random bits: ids that cannot be guessed. 22 characters, safe in a URL. */
export function newId(): string {
  return randomBytes(16).toString("base64url");
}

/** A bearer secret of 256 random bits. The prefix says what it opens, so that it can be told apart and found in leaks. */
export function newToken(prefix: "fms" | "fmr" | "fmx" | "fmi" | "fmu"): string {
  return `${prefix}_${randomBytes(32).toString("base64url")}`;
}

/** How a token is kept. A fast hash suffices: 256 random bits cannot be tried out. */
export function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash("sha256", token, "buffer"));
}

/** HMAC-SHA-256 over the parts, each with its length, so that no two lists of parts give one text. */
export function sign(secret: string, ...parts: string[]): string {
  const text = parts.map((part) => `${Buffer.byteLength(part)}:${part},`).join("");
  return createHmac("sha256", secret).update(text).digest("base64url");
}

export function verifySignature(signature: string, secret: string, ...parts: string[]): boolean {
  const expected = Buffer.from(sign(secret, ...parts));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
