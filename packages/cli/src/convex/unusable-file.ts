/** Why one file cannot be imported; the others can. */
export class UnusableFile extends Error {
  constructor(
    message: string,
    /** What brings it over all the same. */
    readonly remedy?: string,
  ) {
    super(message);
  }
}

/** Of a stream that broke off: what the system says, or that the packer's own sums do not come out. */
export function unreadable(error: unknown): UnusableFile {
  if (error instanceof UnusableFile) return error;
  const isSystem = error instanceof Error && "syscall" in error;
  return new UnusableFile(
    isSystem
      ? `its bytes cannot be read: ${error.message}`
      : "its bytes do not unpack; the archive is damaged",
  );
}
