/**
 * The same text in one piece. V8 keeps what was joined as its pieces, thirty bytes and more for each: little, unless
 * it stays for as long as a stream does. For text of one byte a character.
 */
export function flat(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}
