const ebmlLength = (n: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(n));
  bytes[0] = 1;
  return bytes;
};
const element = (id: string, body: Buffer) =>
  Buffer.concat([Buffer.from(id, "hex"), ebmlLength(body.length), body]);
const number = (n: number, bytes = 1) => {
  const body = Buffer.alloc(bytes);
  body.writeUIntBE(n, 0, bytes);
  return body;
};
const unknownLength = Buffer.from("01ffffffffffffff", "hex");

/** WebM as browsers record it: a picture a second, lengths unknown, neither duration nor index. */
export function browserRecording({
  seconds,
  frameBytes,
  startSeconds = 0,
}: {
  seconds: number;
  frameBytes: number;
  startSeconds?: number;
}): Buffer {
  const head = element(
    "1a45dfa3",
    Buffer.concat([element("4282", Buffer.from("webm")), element("4287", number(4))]),
  );
  const info = element("1549a966", element("2ad7b1", number(1_000_000, 4)));
  const size = Buffer.concat([element("b0", number(640, 2)), element("ba", number(480, 2))]);
  const track = [
    element("d7", number(1)),
    element("73c5", number(1)),
    element("83", number(1)),
    element("86", Buffer.from("V_VP8")),
    element("e0", size),
  ];
  const tracks = element("1654ae6b", element("ae", Buffer.concat(track)));
  const frame = Buffer.alloc(frameBytes, 7);
  frame.set([0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01]);
  const block = element("a3", Buffer.concat([Buffer.of(0x81, 0, 0, 0x80), frame]));
  const parts = [head, Buffer.from("18538067", "hex"), unknownLength, info, tracks];
  for (let second = 0; second < seconds; second++) {
    const time = element("e7", number((startSeconds + second) * 1000, 4));
    parts.push(Buffer.from("1f43b675", "hex"), unknownLength, time, block);
  }
  return Buffer.concat(parts);
}
