import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const cookieName = "fermata_console";

/** Lets one browser in: by a link that works once, and from then on by a cookie, as long as this process runs. */
export class OneTimeLink {
  readonly #key = randomBytes(32).toString("base64url");
  readonly #session = randomBytes(32).toString("base64url");
  #isUsed = false;

  /** To be opened below the console's own origin. */
  get path(): string {
    return `/open?key=${this.#key}`;
  }

  /** @returns the cookie to set; null for a wrong key, and for the right one the second time */
  redeem(key: string): string | null {
    if (this.#isUsed || !isSame(key, this.#key)) return null;
    this.#isUsed = true;
    return `${cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  admits(cookies: string | undefined): boolean {
    const given = cookies
      ?.split("; ")
      .find((cookie) => cookie.startsWith(`${cookieName}=`))
      ?.slice(cookieName.length + 1);
    return given !== undefined && isSame(given, this.#session);
  }
}

function isSame(a: string, b: string): boolean {
  const [hashA, hashB] = [a, b].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(hashA as Buffer, hashB as Buffer);
}
