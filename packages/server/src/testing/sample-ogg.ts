interface Page {
  /** Where its last packet ends. Default -1: none ends here. */
  granule?: bigint;
  serial?: number;
  isFirst?: boolean;
  packets: Buffer[];
}

/** Pages of an Ogg, one behind the other; each packet is shorter than 255 bytes. */
export function oggOf(pages: Page[]): Buffer {
  return Buffer.concat(pages.map(pageOf));
}

function pageOf({ granule = -1n, serial = 7, isFirst = false, packets }: Page, index: number) {
  const head = Buffer.alloc(27);
  head.write("OggS", "latin1");
  head[5] = isFirst ? 2 : 0;
  head.writeBigInt64LE(granule, 6);
  head.writeUInt32LE(serial, 14);
  head.writeUInt32LE(index, 18);
  head[26] = packets.length;
  const page = Buffer.concat([head, Buffer.from(packets.map(({ length }) => length)), ...packets]);
  page.writeUInt32LE(checksum(page), 22);
  return page;
}

/** CRC-32 as Ogg has it: its highest bit first. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = (sum << 1) ^ (sum < 0 ? 0x04c11db7 : 0);
  }
  return sum >>> 0;
}

const numbersOf = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex");

/** The first packets of codecs: one channel at 44,100 Hz, one at 8,000 Hz, and 320 × 180 pixels at 25 a second. */
export const oggHeads = {
  flac: numbersOf(
    "7f464c4143 0100 0001 664c6143 00000022 12001200 000000002415 0ac440f000000000" +
      "00".repeat(16),
  ),
  speex: Buffer.concat([
    Buffer.from("Speex   1.2.1".padEnd(28, "\0")),
    numbersOf("01000000 50000000 401f0000 00000000 04000000 01000000 983a0000 a0000000"),
    Buffer.alloc(20),
  ]),
  theora: numbersOf(
    "80 7468656f7261 030201 0014 000c 000140 0000b4 00 0c 00000019 00000001 000001 000001 00 030d40 00c0",
  ),
  opus: numbersOf("4f70757348656164 01 01 3801 80bb0000 0000 00"),
};
export const opusTags = Buffer.from("OpusTags\0\0\0\0\0\0\0\0", "latin1");
