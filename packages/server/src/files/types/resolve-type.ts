import { isTextType, unknownType } from "../../bytes/content-types";
import { decideType, refusedType } from "../../bytes/decide-type";
import { sampleBytes, sniffFacts } from "../../bytes/sniff-facts";
import { type TextEncoding, TextScan } from "../../bytes/text-scan";

/** What a sender and the grant say of bytes that are about to come. */
export interface TypeClaim {
  /** From `readClaimedType`. */
  claimed: string | null;
  filename: string | null;
  /** From `readCharset`. */
  charset: string | null;
}

/** The type to store bytes under, as far as it can be told before the last of them. */
export class ResolvedType {
  readonly #claim: TypeClaim;
  readonly #scan: TextScan | null;
  readonly #json: Uint8Array[] | null;

  constructor(
    /** Without parameters. */
    readonly type: string,
    claim: TypeClaim,
    first: Uint8Array,
  ) {
    this.#claim = claim;
    this.#scan = isTextType(type) ? new TextScan(first) : null;
    this.#json = type === "application/json" ? [first] : null;
  }

  /** What follows the bytes that it was resolved from. */
  add(chunk: Uint8Array): void {
    this.#scan?.add(chunk);
    this.#json?.push(chunk);
  }

  /** Once all bytes were there: with the encoding where it is text in another than UTF-8. */
  end(): string {
    if (!this.#scan) return this.type;
    const encoding = this.#scan.end();
    // It began like one, and bytes followed that no text has, such as the NULs of a crash.
    if (encoding === null) return unknownType;
    if (this.#json && !parses(this.#json, encoding)) return "text/plain";
    if (encoding === "utf-8" || !this.type.startsWith("text/")) return this.type;
    const told = encoding === "unknown-8bit" ? this.#claim.charset : null;
    return `${this.type};charset=${told ?? encoding}`;
  }
}

/**
 * @param sample the beginning of the bytes, `sampleBytes` of it where there are so many
 * @throws AppError UNSUPPORTED_MEDIA_TYPE when they contradict the claim
 */
export async function resolveType(claim: TypeClaim, sample: Uint8Array): Promise<ResolvedType> {
  const { claimed, filename } = claim;
  const facts = await sniffFacts(sample.subarray(0, sampleBytes));
  const decision = decideType({ claimed, filename, facts });
  if ("refusal" in decision) {
    throw refusedType(claimed ?? unknownType, decision, facts.signature);
  }
  return new ResolvedType(decision.type, claim, sample);
}

function parses(chunks: Uint8Array[], encoding: TextEncoding): boolean {
  try {
    const label = encoding === "unknown-8bit" ? "latin1" : encoding;
    JSON.parse(new TextDecoder(label).decode(Buffer.concat(chunks)));
    return true;
  } catch {
    return false;
  }
}
