interface Wanted {
  /** What RIFF calls the codec. */
  tag: number;
  sampleRate?: number;
  bytesPerSecond: number;
  blockBytes: number;
  bits: number;
  /** Of a codec of blocks. */
  samplesPerBlock?: number;
  /** What the chunk `fact` says; left out, there is none. */
  samples?: number;
  data: Buffer;
}

/** One channel of sound in a WAV, in whatever codec. */
export function wavOf({ sampleRate = 8000, samples, samplesPerBlock = 0, ...wav }: Wanted): Buffer {
  const format = Buffer.alloc(20);
  format.writeUInt16LE(wav.tag, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(wav.bytesPerSecond, 8);
  format.writeUInt16LE(wav.blockBytes, 12);
  format.writeUInt16LE(wav.bits, 14);
  format.writeUInt16LE(2, 16);
  format.writeUInt16LE(samplesPerBlock, 18);
  const fact = Buffer.alloc(4);
  fact.writeUInt32LE(samples ?? 0);
  const chunks = [
    chunk("fmt ", format),
    ...(samples === undefined ? [] : [chunk("fact", fact)]),
    chunk("data", wav.data),
  ];
  return chunk("RIFF", Buffer.concat([Buffer.from("WAVE"), ...chunks]));
}

/** As a recorder leaves it that was stopped: with these for lengths. */
export function withoutLengths(wav: Buffer, lengths: { form?: number; data?: number }): Buffer {
  const torn = Buffer.from(wav);
  const { form = torn.readUInt32LE(4), data } = lengths;
  torn.writeUInt32LE(form, 4);
  if (data !== undefined) torn.writeUInt32LE(data, torn.indexOf("data") + 4);
  return torn;
}

function chunk(name: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 0, "latin1");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}
