/** FLAC that declares what it holds and has not one frame, as an aborted recording leaves it: 42 bytes. */
export function flacWithoutFrame(): Buffer {
  const info = Buffer.alloc(38);
  info[0] = 0x80;
  info[3] = 34;
  info.writeUInt16BE(4096, 4);
  info.writeUInt16BE(4096, 6);
  info.writeUInt32BE(0x0ac440f0, 14);
  return Buffer.concat([Buffer.from("fLaC"), info]);
}
