interface Wanted {
  /** From 0 to 1, of each second. */
  loudness: number[];
  bits: 8 | 16 | 24 | 32;
  /** Of AIFF-C; left out, a plain AIFF. */
  coding?: "sowt" | "fl32" | "ima4";
}

const sampleRate = 2000;

/** Sound as a Mac's programs write it, with the chunk of its samples first, as some do. */
export function aiffOf({ loudness, bits, coding }: Wanted): Buffer {
  const frames = loudness.length * sampleRate;
  const width = bits / 8;
  const samples = Buffer.alloc(frames * width);
  for (let index = 0; index < frames; index++) {
    const loud = (index % 2 === 0 ? 1 : -1) * (loudness[Math.floor(index / sampleRate)] ?? 0);
    const at = index * width;
    const whole = Math.round(loud * (2 ** (bits - 1) - 1));
    if (coding === "fl32") samples.writeFloatBE(loud, at);
    else if (coding === "sowt") samples.writeIntLE(whole, at, width);
    else samples.writeIntBE(whole, at, width);
  }
  const common = Buffer.alloc(18);
  common.writeUInt16BE(1, 0);
  common.writeUInt32BE(frames, 2);
  common.writeUInt16BE(bits, 6);
  // Two thousand, as a number of eighty bits.
  common.set([0x40, 0x09, 0xfa], 8);
  const names = coding ? [common, Buffer.from(`${coding}\0\0`, "latin1")] : [common];
  const chunks = [
    chunk("SSND", Buffer.concat([Buffer.alloc(8), samples])),
    chunk("COMM", Buffer.concat(names)),
  ];
  const kind = Buffer.from(coding ? "AIFC" : "AIFF", "latin1");
  return chunk("FORM", Buffer.concat([kind, ...chunks]));
}

function chunk(name: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 0, "latin1");
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}
