import { createHash } from "node:crypto";
import { AppError } from "../../ground/errors";
import type { TypeClaim } from "../types/resolve-type";

export interface BodyTerms extends TypeClaim {
  maxBytes: number;
  /** The exact size, where one was granted. */
  sizeBytes: number | null;
  /** Hexadecimal; every one must match. */
  sha256: string[];
}

/** Counts and hashes what passes. It ends only when everything that was promised holds. */
export class MeasuredBody {
  sizeBytes = 0;
  sha256 = "";
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #terms: BodyTerms;

  constructor(source: AsyncIterable<Uint8Array>, terms: BodyTerms) {
    this.#source = source;
    this.#terms = terms;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const { maxBytes, sizeBytes: grantedBytes, sha256: sums } = this.#terms;
    const hash = createHash("sha256");
    for await (const chunk of this.#source) {
      this.sizeBytes += chunk.byteLength;
      if (this.sizeBytes > maxBytes) throw tooLarge(maxBytes);
      hash.update(chunk);
      yield chunk;
    }
    const { sizeBytes } = this;
    if (sizeBytes === 0) throw new AppError("INVALID_INPUT", { reason: "the body is empty" });
    if (grantedBytes !== null && sizeBytes < grantedBytes) {
      throw new AppError("UPLOAD_INCOMPLETE", { expectedBytes: grantedBytes, sizeBytes });
    }
    this.sha256 = hash.digest("hex");
    if (sums.some((sum) => sum !== this.sha256)) {
      throw new AppError("CHECKSUM_MISMATCH", { algorithm: "sha-256" });
    }
  }
}

export function tooLarge(limitBytes: number): AppError {
  return new AppError("PAYLOAD_TOO_LARGE", { limitBytes });
}
