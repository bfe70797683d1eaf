import type { SoundId } from "./sounds";

/** One sounding note. */
export interface Voice {
  /** Lets the note die away. */
  release(): void;
  /** Ends it within milliseconds, to make room. */
  cut(): void;
  /** Called once it is silent. */
  onEnd: (() => void) | null;
}

export interface Stroke {
  midi: number;
  /** 1 to 127. */
  velocity: number;
}

export type AudibleSound = Exclude<SoundId, "off">;

export function hertzOf(midi: number): number {
  return 440 * 2 ** ((midi - 69) / 12);
}

/** Strings ring longer the lower they are: about six seconds at middle C, one at the top. */
export function ringSeconds(midi: number): number {
  return Math.min(14, Math.max(0.9, 6 * 2 ** ((60 - midi) / 18)));
}

export function startVoice(
  context: BaseAudioContext,
  output: AudioNode,
  sound: AudibleSound,
  stroke: Stroke,
): Voice {
  return starters[sound](context, output, stroke);
}

const starters: Record<
  AudibleSound,
  (context: BaseAudioContext, output: AudioNode, stroke: Stroke) => Voice
> = { felt: startFelt, electric: startElectric, organ: startOrgan };

/** Two strings a hair apart behind a soft hammer: dark, and brighter the harder it is struck. */
function startFelt(
  context: BaseAudioContext,
  output: AudioNode,
  { midi, velocity }: Stroke,
): Voice {
  const now = context.currentTime;
  const force = velocity / 127;
  const hertz = hertzOf(midi);
  const ring = ringSeconds(midi);

  const felt = new BiquadFilterNode(context, { type: "lowpass", Q: 0.4 });
  const open = Math.min(9_000, hertz * (2 + 7 * force) + 500);
  felt.frequency.setValueAtTime(open, now);
  felt.frequency.setTargetAtTime(Math.min(open, hertz * 1.6 + 300), now, ring / 5);

  const strings = [-0.7, 0.7].map((cents) => {
    const string = new OscillatorNode(context, { frequency: hertz, detune: cents });
    string.setPeriodicWave(waveOf(context, "string"));
    string.connect(felt);
    return string;
  });
  const hammer = knock(context, hertz);
  const hammerLevel = new GainNode(context, { gain: 0.05 + 0.2 * force });
  hammer.connect(hammerLevel).connect(felt);

  return shape(context, output, {
    from: felt,
    sources: [...strings, hammer],
    peak: 0.05 + 0.2 * force ** 1.6,
    attackSeconds: 0.005,
    ringSeconds: ring,
    releaseSeconds: 0.14,
  });
}

/** A struck tine beside a bell that fades at once. */
function startElectric(
  context: BaseAudioContext,
  output: AudioNode,
  { midi, velocity }: Stroke,
): Voice {
  const now = context.currentTime;
  const force = velocity / 127;
  const hertz = hertzOf(midi);
  const tine = new OscillatorNode(context, { frequency: hertz });
  const body = modulate(context, tine, hertz, hertz * (0.4 + 2.2 * force));
  body.depth.gain.setTargetAtTime(hertz * 0.15, now, 0.5);
  const bell = modulate(context, tine, hertz * 14, hertz * 1.4 * force ** 2);
  bell.depth.gain.setTargetAtTime(0, now, 0.06);
  return shape(context, output, {
    from: tine,
    sources: [tine, body.source, bell.source],
    peak: 0.06 + 0.16 * force,
    attackSeconds: 0.004,
    ringSeconds: ringSeconds(midi) * 0.8,
    releaseSeconds: 0.12,
  });
}

/** Pipes do not fade, and do not care how hard they are touched. */
function startOrgan(context: BaseAudioContext, output: AudioNode, { midi }: Stroke): Voice {
  const pipes = new OscillatorNode(context, { frequency: hertzOf(midi) / 2 });
  pipes.setPeriodicWave(waveOf(context, "pipes"));
  return shape(context, output, {
    from: pipes,
    sources: [pipes],
    peak: 0.11,
    attackSeconds: 0.012,
    ringSeconds: null,
    releaseSeconds: 0.06,
  });
}

function modulate(
  context: BaseAudioContext,
  carrier: OscillatorNode,
  hertz: number,
  depthHertz: number,
) {
  const source = new OscillatorNode(context, { frequency: hertz });
  const depth = new GainNode(context, { gain: depthHertz });
  source.connect(depth).connect(carrier.frequency);
  return { source, depth };
}

interface Shape {
  from: AudioNode;
  sources: AudioScheduledSourceNode[];
  peak: number;
  attackSeconds: number;
  /** Null for a tone that stays. */
  ringSeconds: number | null;
  releaseSeconds: number;
}

/** Gives a tone its rise and fall, and frees its nodes when it is over. */
function shape(context: BaseAudioContext, output: AudioNode, options: Shape): Voice {
  const { from, sources, peak, attackSeconds, ringSeconds: ring, releaseSeconds } = options;
  const now = context.currentTime;
  const level = new GainNode(context, { gain: 0 });
  level.gain.setValueAtTime(0, now);
  level.gain.linearRampToValueAtTime(peak, now + attackSeconds);
  // A time constant of a fifth: after the ring 0.7 % is left.
  if (ring !== null) level.gain.setTargetAtTime(0, now + attackSeconds, ring / 5);
  from.connect(level).connect(output);

  const voice: Voice = {
    release: () => fade(releaseSeconds),
    cut: () => fade(0.015),
    onEnd: null,
  };
  function fade(seconds: number) {
    const at = context.currentTime;
    level.gain.cancelScheduledValues(at);
    level.gain.setTargetAtTime(0, at, seconds);
    for (const source of sources) source.stop(at + seconds * 6);
  }
  for (const source of sources) {
    source.start(now);
    if (ring !== null) source.stop(now + ring * 1.2);
  }
  sources[0]?.addEventListener("ended", () => {
    level.disconnect();
    voice.onEnd?.();
  });
  return voice;
}

type Wave = "string" | "pipes";

/** A string's overtones, and drawbars 8 8 8 5 0 4 over half the note's pitch. */
const overtones: Record<Wave, number[]> = {
  string: [0, 1, 0.55, 0.36, 0.2, 0.16, 0.11, 0.05, 0.06, 0.045, 0.03, 0.022, 0.016],
  pipes: [0, 0.7, 0.9, 0.55, 0.45, 0, 0.2, 0, 0.3],
};
const waves = new WeakMap<BaseAudioContext, Map<Wave, PeriodicWave>>();

function waveOf(context: BaseAudioContext, name: Wave): PeriodicWave {
  const known = waves.get(context) ?? new Map<Wave, PeriodicWave>();
  waves.set(context, known);
  const wave =
    known.get(name) ??
    context.createPeriodicWave(
      new Float32Array(overtones[name].length),
      Float32Array.from(overtones[name]),
    );
  known.set(name, wave);
  return wave;
}

const noises = new WeakMap<BaseAudioContext, AudioBuffer>();

/** The wood of the hammer: noise that is gone in 30 ms. The same for every stroke, since making it takes longer than all else. */
function knock(context: BaseAudioContext, hertz: number): AudioBufferSourceNode {
  const buffer = noises.get(context) ?? noise(context);
  noises.set(context, buffer);
  return new AudioBufferSourceNode(context, {
    buffer,
    playbackRate: Math.min(1.6, Math.max(0.5, hertz / 400)),
  });
}

function noise({ sampleRate }: BaseAudioContext): AudioBuffer {
  const frames = Math.round(sampleRate * 0.03);
  const buffer = new AudioBuffer({ length: frames, sampleRate });
  const samples = buffer.getChannelData(0);
  for (let frame = 0; frame < frames; frame++) {
    samples[frame] = (Math.random() * 2 - 1) * (1 - frame / frames) ** 3;
  }
  return buffer;
}
