import { EncodedPacketSink, FLAC, type InputAudioTrack } from "mediabunny";
import type { ClipReader } from "./clip-reader";
import { type FlacInfo, flacFrames, readFlacInfo } from "./flac-frames";

/** Of a recording, in seconds. */
export interface Stretch {
  from: number;
  to: number;
}

/** A piece that is decoded at once. */
export interface Packet {
  type: "key" | "delta";
  data: Uint8Array;
  /** In microseconds, as `duration`. */
  timestamp: number;
  duration: number;
}

/** The packets of each stretch, and null behind each. */
export async function packetsIn(
  reader: ClipReader,
  track: InputAudioTrack,
  stretches: Stretch[],
): Promise<AsyncIterable<Packet | null>> {
  const isFlac = (await reader.input.getFormat()) === FLAC;
  const info = isFlac ? await readFlacInfo(reader) : null;
  return info ? flacPackets(reader, info, stretches) : trackPackets(track, stretches);
}

async function* trackPackets(
  track: InputAudioTrack,
  stretches: Stretch[],
): AsyncGenerator<Packet | null> {
  const sink = new EncodedPacketSink(track);
  for (const { from, to } of stretches) {
    let packet = await sink.getPacket(from);
    if (!packet && from === stretches[0]?.from) packet = await sink.getFirstPacket();
    for (; packet && packet.timestamp < to; packet = await sink.getNextPacket(packet)) {
      const { type, data, microsecondTimestamp, microsecondDuration } = packet;
      yield { type, data, timestamp: microsecondTimestamp, duration: microsecondDuration };
    }
    yield null;
  }
}

async function* flacPackets(
  reader: ClipReader,
  info: FlacInfo,
  stretches: Stretch[],
): AsyncGenerator<Packet | null> {
  let index = 0;
  for await (const { atSeconds, seconds, bytes: data } of flacFrames(reader, info)) {
    while (atSeconds >= (stretches[index]?.to ?? Number.POSITIVE_INFINITY)) index++;
    if (atSeconds + seconds <= (stretches[index]?.from ?? Number.POSITIVE_INFINITY)) continue;
    yield { type: "key", data, ...inMicroseconds(atSeconds, seconds) };
  }
  yield null;
}

function inMicroseconds(atSeconds: number, seconds: number) {
  return { timestamp: Math.round(atSeconds * 1e6), duration: Math.round(seconds * 1e6) };
}
