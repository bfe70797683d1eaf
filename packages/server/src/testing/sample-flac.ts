interface Wanted {
  /** From 0 to 1, of each frame. */
  loudness: number[];
  sampleRate: number;
  /** Samples in a frame. */
  blockSize: number;
}

/** A FLAC of one channel, in each frame of which all samples are the same. Whole kilohertz are written as such. */
export function flacOf({ loudness, sampleRate, blockSize }: Wanted): Buffer {
  const info = Buffer.alloc(34);
  info.writeUInt16BE(blockSize, 0);
  info.writeUInt16BE(blockSize, 2);
  info.writeUIntBE(sampleRate << 4, 10, 3);
  // Of sixteen bits.
  info.writeUInt8(0xf0, 13);
  info.writeUInt32BE(loudness.length * blockSize, 14);
  const frames = loudness.map((loud, number) =>
    frameOf(loud, number, sampleRate / 1000, blockSize),
  );
  return Buffer.concat([Buffer.from("fLaC\x80\0\0\x22", "latin1"), info, ...frames]);
}

function frameOf(loud: number, number: number, kilohertz: number, blockSize: number): Buffer {
  const coded = number < 128 ? [number] : [0xc0 | (number >> 6), 0x80 | (number & 63)];
  const size = [(blockSize - 1) >> 8, (blockSize - 1) & 0xff];
  const head = Buffer.from([0xff, 0xf8, 0x7c, 0x08, ...coded, ...size, kilohertz]);
  const sample = Buffer.alloc(3);
  sample.writeInt16BE(Math.round(loud * 32767), 1);
  const frame = Buffer.concat([head, Buffer.of(checksum(head, 8, 0x07)), sample]);
  const end = Buffer.alloc(2);
  end.writeUInt16BE(checksum(frame, 16, 0x8005));
  return Buffer.concat([frame, end]);
}

function checksum(bytes: Buffer, bits: 8 | 16, polynomial: number): number {
  const highest = 1 << (bits - 1);
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << (bits - 8);
    for (let bit = 0; bit < 8; bit++)
      sum = ((sum << 1) ^ (sum & highest ? polynomial : 0)) & (2 * highest - 1);
  }
  return sum;
}
