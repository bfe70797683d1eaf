/** Numbers from a seed: the same ones each time (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What transfers, disks and those who look for weak spots do to a file, a few times over. */
export function mutate(whole: Buffer, random: () => number): Buffer {
  let bytes = Buffer.from(whole);
  const at = () => Math.floor(random() * bytes.length);
  const times = 1 + Math.floor(random() * 4);
  for (let count = 0; count < times && bytes.length > 8; count++) {
    const kind = Math.floor(random() * 7);
    if (kind === 0) bytes = bytes.subarray(0, at());
    else if (kind === 1) bytes[at()] = Math.floor(random() * 256);
    else if (kind === 2)
      bytes.writeUInt32BE(random() < 0.5 ? 0xffffffff : 0, at() % (bytes.length - 4));
    else if (kind === 3) bytes.writeUInt32BE(random() * 2 ** 32, at() % (bytes.length - 4));
    // Some of it is missing, or is there twice.
    else if (kind === 4) bytes = Buffer.concat([bytes.subarray(0, at()), bytes.subarray(at())]);
    else if (kind === 5) {
      // The beginning says most of what is believed.
      const early = Math.floor(random() * Math.min(64, bytes.length));
      bytes.writeUInt8(bytes.readUInt8(early) ^ (1 << Math.floor(random() * 8)), early);
    } else {
      const [from, to] = [at(), at()].toSorted((a, b) => a - b);
      const middle = bytes.subarray(from, to);
      bytes = Buffer.concat([bytes.subarray(0, to), middle, bytes.subarray(to)]);
    }
  }
  return bytes;
}
