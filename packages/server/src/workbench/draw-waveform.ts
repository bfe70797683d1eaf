import { AudioSampleSink, type InputAudioTrack, PCM_AUDIO_CODECS } from "mediabunny";
import type { ClipBytes, ClipReader } from "./clip-reader";
import { decodeVorbis } from "./decode-vorbis";
import { openClip } from "./open-clip";
import { breathe, closeDecoder, openDecoders, packetsAtOnce } from "./open-decoders";
import { samplesOf } from "./samples-of";
import { type Packet, packetsIn, type Stretch } from "./sound-packets";
import { peakCount, WaveformPeaks } from "./waveform-peaks";

/** So much is decoded: of what is longer, a stretch for each peak. */
const decodedSeconds = 600;
const limitBytes = 256 * 1024 * 1024;
const limitSeconds = 40;

/**
 * What a recording looks like: the loudest moment of each of 256 stretches of equal length.
 * @param clip.durationSeconds of all of it
 * @returns a byte each, 255 the loudest that there is; null where there is no sound that is decoded here, or finding it
 *   would take too long
 * @throws what `read` throws
 */
export async function drawWaveform({
  durationSeconds,
  ...clip
}: ClipBytes & { durationSeconds: number }): Promise<Uint8Array | null> {
  if (!(durationSeconds > 0)) return null;
  const reader = await openClip(clip, limitBytes);
  if (!reader) return null;
  reader.limit({ bytes: limitBytes, seconds: limitSeconds });
  try {
    return await reader.attempt(async () => {
      const track = await reader.input.getPrimaryAudioTrack();
      if (!track) return null;
      const start = Math.max(0, await reader.input.getFirstTimestamp());
      const stretches = stretchesOf(start, durationSeconds);
      const peaks = new WaveformPeaks(start, durationSeconds);
      const codec = await track.getCodec();
      const isPlain = PCM_AUDIO_CODECS.some((plain) => plain === codec);
      await reader.attempt(async () => {
        if (codec === "vorbis") await decodeVorbis(reader, peaks);
        else if (isPlain) await readPlain(reader, track, stretches, peaks);
        else await decode(reader, track, await packetsIn(reader, track, stretches), peaks);
      });
      // What is torn is drawn as far as it goes. What was left off would look like silence.
      return peaks.isEmpty || reader.isSpent ? null : peaks.toBytes();
    });
  } finally {
    reader.input.dispose();
  }
}

function stretchesOf(start: number, seconds: number): Stretch[] {
  if (seconds <= decodedSeconds) return [{ from: start, to: Number.POSITIVE_INFINITY }];
  return Array.from({ length: peakCount }, (_, index) => {
    const from = start + (index * seconds) / peakCount;
    return { from, to: from + decodedSeconds / peakCount };
  });
}

/** Samples as they are: no decoder is needed. */
async function readPlain(
  reader: ClipReader,
  track: InputAudioTrack,
  stretches: Stretch[],
  peaks: WaveformPeaks,
): Promise<void> {
  const sink = new AudioSampleSink(track);
  for (const { from, to } of stretches) {
    for await (const sample of sink.samples(from, to)) {
      const planes = Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
        const samples = new Float32Array(sample.numberOfFrames);
        sample.copyTo(samples, { planeIndex, format: "f32-planar" });
        return samples;
      });
      peaks.add({ atSeconds: sample.timestamp, sampleRate: sample.sampleRate, planes });
      sample.close();
      reader.requireTime();
    }
  }
}

async function decode(
  reader: ClipReader,
  track: InputAudioTrack,
  packets: AsyncIterable<Packet | null>,
  peaks: WaveformPeaks,
): Promise<void> {
  const decoders = await openDecoders();
  const config = await track.getDecoderConfig();
  if (!decoders || !config) return;
  let isBroken = false;
  // Sounds come in order, but the decoder may call one by the time of a later packet that it was given meanwhile.
  const given: number[] = [];
  const decoder = new decoders.AudioDecoder({
    output(sound) {
      const { sampleRate } = sound;
      const atSeconds = (given.shift() ?? sound.timestamp) / 1e6;
      peaks.add({ atSeconds, sampleRate, ...samplesOf(sound) });
      sound.close();
    },
    error() {
      isBroken = true;
    },
  });
  // Its description never lies in shared memory, though beside a browser's types it might.
  decoder.configure(config as Parameters<typeof decoder.configure>[0]);
  let count = 0;
  try {
    for await (const packet of packets) {
      if (packet) {
        given.push(packet.timestamp);
        decoder.decode(new decoders.EncodedAudioChunk(packet));
        if (++count % packetsAtOnce === 0) await breathe();
      } else {
        await decoder.flush();
        await breathe();
        given.length = 0;
      }
      if (isBroken) return;
      reader.requireTime();
    }
  } finally {
    closeDecoder(decoder);
  }
}
