/** A reader ended of itself, for whatever reason: the bytes it read, or the machine it ran on. */
export class ReaderDied extends Error {
  override readonly name = "ReaderDied";
}
