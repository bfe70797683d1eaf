import type { ClipReader } from "./clip-reader";
import { openVorbisDecoder } from "./open-decoders";
import type { WaveformPeaks } from "./waveform-peaks";

const pieceBytes = 256 * 1024;

/** Ogg from its first byte to its last: an hour takes some eight seconds. In another container nothing of it is decoded. */
export async function decodeVorbis(reader: ClipReader, peaks: WaveformPeaks): Promise<void> {
  const { sizeBytes } = reader.clip;
  const head = Buffer.from(await reader.read(0, Math.min(4, sizeBytes))).toString("latin1");
  const decoder = head === "OggS" ? await openVorbisDecoder() : null;
  if (!decoder) return;
  let samples = 0;
  const add = (sound: Awaited<ReturnType<typeof decoder.decode>>) => {
    const { channelData: planes, sampleRate, samplesDecoded } = sound;
    if (samplesDecoded === 0) return;
    peaks.add({ atSeconds: peaks.startSeconds + samples / sampleRate, sampleRate, planes });
    samples += samplesDecoded;
  };
  try {
    for (let at = 0; at < sizeBytes; at += pieceBytes) {
      add(await decoder.decode(await reader.read(at, Math.min(at + pieceBytes, sizeBytes))));
      reader.requireTime();
    }
    add(await decoder.flush());
  } finally {
    decoder.free();
  }
}
