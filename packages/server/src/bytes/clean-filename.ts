/** A file's name is data and kept as it is, but for what a text column cannot hold: NUL and halves of characters. */
export function cleanFilename(filename: string): string {
  return filename.toWellFormed().replaceAll("\0", "\ufffd");
}
