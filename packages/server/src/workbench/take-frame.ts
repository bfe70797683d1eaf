import type { VideoFrame } from "@napi-rs/webcodecs";
import { EncodedPacketSink, type InputVideoTrack } from "mediabunny";
import { openSharp } from "../images/open-sharp";
import type { ClipBytes, ClipReader } from "./clip-reader";
import { openClip } from "./open-clip";
import { breathe, closeDecoder, type Decoders, openDecoders, packetsAtOnce } from "./open-decoders";

/** Films often begin in the dark. */
const atSeconds = 1;
/** Wider ones no page asks for. */
const maxWidthPx = 1920;
/** A frame of 8K. A decoder holds up to sixteen of them. */
const maxPixels = 36_000_000;
/** From one picture that stands alone to the wanted one. */
const maxPackets = 300;
const limitBytes = 64 * 1024 * 1024;
const limitSeconds = 30;

/**
 * A picture to stand for a film: what it shows a second after its start, upright and in the shape that it is shown in.
 * @returns a WebP; null where there are no pictures that are decoded here
 * @throws what `read` throws
 */
export async function takeFrame({
  durationSeconds,
  ...clip
}: ClipBytes & { durationSeconds: number | null }): Promise<Uint8Array | null> {
  const decoders = await openDecoders();
  if (!decoders) return null;
  const reader = await openClip(clip, limitBytes);
  if (!reader) return null;
  reader.limit({ bytes: limitBytes, seconds: limitSeconds });
  try {
    return await reader.attempt(async () => {
      const track = await reader.input.getPrimaryVideoTrack();
      if (!track) return null;
      const start = await track.getFirstTimestamp();
      const at = start + Math.min(atSeconds, (durationSeconds ?? 2 * atSeconds) / 2);
      const frame = await decodeFrame(decoders, reader, track, at);
      return frame && (await toPicture(frame, track));
    });
  } finally {
    reader.input.dispose();
  }
}

/** The first that is shown at that time or later; the last of all where there is none. */
async function decodeFrame(
  decoders: Decoders,
  reader: ClipReader,
  track: InputVideoTrack,
  at: number,
): Promise<VideoFrame | null> {
  const config = await track.getDecoderConfig();
  const pixels = (await track.getCodedWidth()) * (await track.getCodedHeight());
  if (!config || pixels > maxPixels) return null;
  const kept = { frame: null as VideoFrame | null, isFound: false, failure: null as Error | null };
  const decoder = new decoders.VideoDecoder({
    output(frame) {
      if (kept.isFound) return frame.close();
      kept.frame?.close();
      kept.frame = frame;
      kept.isFound = frame.timestamp >= at * 1e6;
    },
    error(error) {
      kept.failure ??= error;
    },
  });
  // Its description never lies in shared memory, though beside a browser's types it might.
  decoder.configure(config as Parameters<typeof decoder.configure>[0]);
  const sink = new EncodedPacketSink(track);
  try {
    let packet = (await sink.getKeyPacket(at)) ?? (await sink.getFirstKeyPacket());
    for (let packets = 1; packet && packets <= maxPackets; packets++) {
      if (kept.isFound || kept.failure) break;
      const { type, data, microsecondTimestamp: timestamp, microsecondDuration: duration } = packet;
      decoder.decode(new decoders.EncodedVideoChunk({ type, timestamp, duration, data }));
      if (packets % packetsAtOnce === 0) await breathe();
      reader.requireTime();
      packet = await sink.getNextPacket(packet);
    }
    if (!kept.isFound && !kept.failure) await decoder.flush();
    return kept.frame;
  } catch (error) {
    kept.frame?.close();
    throw error;
  } finally {
    closeDecoder(decoder);
  }
}

async function toPicture(frame: VideoFrame, track: InputVideoTrack): Promise<Uint8Array> {
  const format = "RGBA";
  const data = new Uint8Array(frame.allocationSize({ format }));
  await frame.copyTo(data, { format });
  const { width, height } = frame.visibleRect ?? frame;
  frame.close();
  const shown = [await track.getDisplayWidth(), await track.getDisplayHeight()] as const;
  const scale = Math.min(1, maxWidthPx / shown[0]);
  const [widthPx, heightPx] = shown.map((side) => Math.max(1, Math.round(side * scale)));
  const sharp = await openSharp();
  const upright = await sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .rotate(await track.getRotation())
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { info } = upright;
  return sharp(upright.data, {
    raw: { width: info.width, height: info.height, channels: info.channels },
  })
    .resize({ width: widthPx, height: heightPx, fit: "fill" })
    .webp({ quality: 80 })
    .toBuffer();
}
