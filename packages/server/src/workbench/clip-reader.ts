import {
  ADTS,
  CustomSource,
  FLAC,
  Input,
  type InputFormat,
  MATROSKA,
  MP3,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from "mediabunny";

export interface ClipBytes {
  sizeBytes: number;
  read: (start: number, end: number) => Promise<Uint8Array>;
}

/** Every container that the library reads but one: a playlist names other files, and a stranger's file may name none. */
const anyFormat = [MP4, QTFF, MATROSKA, WEBM, WAVE, OGG, FLAC, MP3, ADTS, MPEG_TS];
/** MP4's family without its first box, by which the library tells it: the box came with MP4, films of before go without. */
const unnamed: InputFormat = Object.create(QTFF, { _canReadInput: { value: async () => true } });

class OverBudget extends Error {}

/** A clip that is read in ranges, so many bytes of it at most. */
export class ClipReader {
  readonly input: Input;
  #leftBytes: number;
  #stopsAt = Number.POSITIVE_INFINITY;
  #isSpent = false;
  /** The library wraps what its source throws: the reason is kept here. */
  #storeFailure: { error: unknown } | null = null;

  constructor(
    readonly clip: ClipBytes,
    limitBytes: number,
    { isUnnamed = false }: { isUnnamed?: boolean } = {},
  ) {
    this.#leftBytes = limitBytes;
    const source = new CustomSource({
      getSize: () => clip.sizeBytes,
      read: this.read,
      prefetchProfile: "fileSystem",
      handleUnhandledError: () => {},
    });
    this.input = new Input({ source, formats: isUnnamed ? [unnamed] : anyFormat });
  }

  readonly read = async (start: number, end: number): Promise<Uint8Array> => {
    this.#leftBytes -= end - start;
    this.#requireBudget(this.#leftBytes >= 0);
    this.requireTime();
    return this.clip.read(start, end).catch((error: unknown) => {
      this.#storeFailure ??= { error };
      throw error;
    });
  };

  /** From here on, so much and so long. */
  limit({ bytes, seconds }: { bytes: number; seconds: number }): void {
    this.#leftBytes = bytes;
    this.#stopsAt = performance.now() + seconds * 1000;
  }

  requireTime(): void {
    this.#requireBudget(performance.now() <= this.#stopsAt);
  }

  /** Whether something was not read, or not waited for, since it would have been too much. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  #requireBudget(isLeft: boolean): void {
    if (isLeft) return;
    this.#isSpent = true;
    throw new OverBudget();
  }

  /**
   * What one fact costs in trouble must not cost the others.
   * @returns null where the container contradicts itself: no second look changes that
   * @throws what reading threw
   */
  async attempt<T>(fact: () => Promise<T | null | undefined>): Promise<T | null> {
    try {
      return (await fact()) ?? null;
    } catch {
      if (this.#storeFailure) throw this.#storeFailure.error;
      return null;
    }
  }
}
