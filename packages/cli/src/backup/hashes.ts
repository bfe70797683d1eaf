import { createHash } from "node:crypto";
import { Readable, Transform } from "node:stream";
import { type BackupPlace, readText } from "./place";

/** Lets bytes through, and says their SHA-256 afterwards. */
export function hashing(): { through: Transform; sha256(): string } {
  const hash = createHash("sha256");
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { through, sha256: () => hash.digest("hex") };
}

export async function hashOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of body) hash.update(chunk);
  return hash.digest("hex");
}

const file = "hashes.json";
const everyMs = 10_000;

/** What was hashed already: objects never change, so that each is read once, also when a backup was interrupted. */
export class KnownHashes {
  readonly #place: BackupPlace;
  readonly #known: Map<string, string>;
  #savedMs = Date.now();

  private constructor(place: BackupPlace, known: Map<string, string>) {
    this.#place = place;
    this.#known = known;
  }

  static async open(
    place: BackupPlace,
    before: { path: string; sizeBytes: number; sha256: string }[],
  ): Promise<KnownHashes> {
    const known = new Map<string, string>();
    for (const { path, sizeBytes, sha256 } of before)
      if (sha256) known.set(nameOf(path, sizeBytes), sha256);
    const text = await readText(place, file);
    // Of no use where it was cut off.
    for (const [name, sha256] of Object.entries(parseOrNothing(text)))
      known.set(name, String(sha256));
    return new KnownHashes(place, known);
  }

  get(path: string, sizeBytes: number): string | undefined {
    return this.#known.get(nameOf(path, sizeBytes));
  }

  async set(path: string, sizeBytes: number, sha256: string): Promise<void> {
    this.#known.set(nameOf(path, sizeBytes), sha256);
    if (Date.now() - this.#savedMs < everyMs) return;
    await this.save();
  }

  async save(): Promise<void> {
    await this.#place.write(file, Readable.from([JSON.stringify(Object.fromEntries(this.#known))]));
    this.#savedMs = Date.now();
  }

  /** They stand in the manifest now. */
  async forget(): Promise<void> {
    await this.#place.remove(file);
  }
}

const nameOf = (path: string, sizeBytes: number) => `${path} ${sizeBytes}`;

function parseOrNothing(text: string | null): Record<string, unknown> {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
}
