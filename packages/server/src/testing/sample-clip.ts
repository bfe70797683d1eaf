import {
  BufferTarget,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from "mediabunny";

interface Wanted {
  container: "mp4" | "webm";
  seconds: number;
  width?: number;
  height?: number;
  /** Of each of its ten frames a second. */
  frameBytes?: number;
  /** As cameras write it, who do not know it before. */
  indexAtEnd?: boolean;
}

/** A clip whose container is in order and whose frames are noise: enough for whoever reads containers. */
export async function clipOf(wanted: Wanted): Promise<Buffer> {
  const { container, seconds, width = 640, height = 360, frameBytes = 200 } = wanted;
  const target = new BufferTarget();
  const format =
    container === "mp4"
      ? new Mp4OutputFormat(wanted.indexAtEnd ? { fastStart: false } : {})
      : new WebMOutputFormat();
  const output = new Output({ format, target });
  const source = new EncodedVideoPacketSource("vp9");
  output.addVideoTrack(source, { frameRate: 10 });
  await output.start();
  const meta = {
    decoderConfig: { codec: "vp09.00.21.08", codedWidth: width, codedHeight: height },
  };
  const frame = new Uint8Array(frameBytes).fill(0x82);
  for (let index = 0; index < seconds * 10; index++) {
    const type = index % 10 === 0 ? "key" : "delta";
    await source.add(new EncodedPacket(frame, type, index / 10, 0.1), meta);
  }
  await output.finalize();
  return Buffer.from(target.buffer ?? new ArrayBuffer(0));
}
