import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const cipher = "aes-256-gcm";

function keyOf(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", purpose, 32));
}

/** Encrypts what the database should not tell. @param purpose what it is: sealed for another it does not open */
export function seal(secret: string, purpose: string, text: string): string {
  const nonce = randomBytes(12);
  const encryption = createCipheriv(cipher, keyOf(secret, purpose), nonce);
  const sealed = Buffer.concat([encryption.update(text, "utf8"), encryption.final()]);
  return Buffer.concat([nonce, encryption.getAuthTag(), sealed]).toString("base64url");
}

/** @returns null where the secret or the purpose is another, or the text was changed */
export function unseal(secret: string, purpose: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, "base64url");
  try {
    const decryption = createDecipheriv(cipher, keyOf(secret, purpose), bytes.subarray(0, 12));
    decryption.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decryption.update(bytes.subarray(28)), decryption.final()]).toString();
  } catch {
    return null;
  }
}
