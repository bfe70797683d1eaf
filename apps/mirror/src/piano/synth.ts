import type { SoundId } from "./sounds";
import { startVoice, type Voice } from "./voice";

/** Whose hands: "own", or the id of one of the others. Each side has its own keys, pedal and sound. */
export type Side = string;

export interface Synth {
  press(side: Side, midi: number, velocity: number): void;
  release(side: Side, midi: number): void;
  pedal(side: Side, down: boolean): void;
  releaseAll(side: Side): void;
  setSound(side: Side, sound: SoundId): void;
  /** Browsers keep pages silent until they are touched. Call it from a click or a key. */
  wake(): Promise<void>;
  /** What is heard of all sides, to be listened to elsewhere as well. */
  tap(): { context: AudioContext; output: AudioNode };
  /** How long a stroke takes to the ear, in milliseconds; null before the first sound. */
  delayMs(): number | null;
}

const maxVoices = 64;
/** Of all these, so that one who plays without end neither silences the others nor wears the device out. */
const maxVoicesOfOne = 40;

interface Manual {
  sound: SoundId;
  /** By key; a key struck again lets the older voice ring out. */
  down: Map<number, Voice>;
  /** Released, and held by the pedal. */
  sustained: Set<Voice>;
  pedal: boolean;
}

export function createSynth(): Synth {
  let audio: { context: AudioContext; input: AudioNode; output: AudioNode } | null = null;
  const manuals = new Map<Side, Manual>();
  /** In the order of their strokes. */
  const voices = new Map<Voice, Side>();

  /** Made with the first stroke: before that a page has no right to sound. */
  function open() {
    if (audio) return audio;
    const context = new AudioContext({ latencyHint: "interactive" });
    audio = { context, ...makeRoom(context) };
    return audio;
  }

  function manualOf(side: Side): Manual {
    const known = manuals.get(side);
    if (known) return known;
    const made: Manual = { sound: "felt", down: new Map(), sustained: new Set(), pedal: false };
    manuals.set(side, made);
    return made;
  }

  function letGo({ pedal, sustained }: Manual, voice: Voice) {
    if (pedal) sustained.add(voice);
    else voice.release();
  }

  /** Whoever has most gives one up: nobody's notes end because another plays many. */
  function makeWayFor(side: Side) {
    const counts = new Map<Side, number>();
    for (const owner of voices.values()) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    const isOver = (counts.get(side) ?? 0) >= maxVoicesOfOne;
    if (!isOver && voices.size < maxVoices) return;
    const most = Math.max(...counts.values());
    for (const [voice, owner] of voices) {
      if (isOver ? owner !== side : counts.get(owner) !== most) continue;
      voice.cut();
      voices.delete(voice);
      return;
    }
  }

  return {
    press(side, midi, velocity) {
      const hands = manualOf(side);
      const { sound, down, sustained } = hands;
      if (sound === "off" || velocity <= 0) return;
      const { context, input } = open();
      if (context.state === "suspended") void context.resume().catch(() => {});
      const older = down.get(midi);
      if (older) letGo(hands, older);
      makeWayFor(side);
      const voice = startVoice(context, input, sound, { midi, velocity });
      voice.onEnd = () => {
        voices.delete(voice);
        sustained.delete(voice);
      };
      voices.set(voice, side);
      down.set(midi, voice);
    },
    release(side, midi) {
      const hands = manualOf(side);
      const voice = hands.down.get(midi);
      hands.down.delete(midi);
      if (voice) letGo(hands, voice);
    },
    pedal(side, down) {
      const hands = manualOf(side);
      hands.pedal = down;
      if (down) return;
      for (const voice of hands.sustained) voice.release();
      hands.sustained.clear();
    },
    releaseAll(side) {
      const hands = manualOf(side);
      hands.pedal = false;
      for (const voice of [...hands.down.values(), ...hands.sustained]) voice.release();
      hands.down.clear();
      hands.sustained.clear();
    },
    setSound(side, sound) {
      const hands = manualOf(side);
      if (hands.sound === sound) return;
      this.releaseAll(side);
      hands.sound = sound;
    },
    async wake() {
      await open().context.resume();
    },
    tap: () => open(),
    delayMs() {
      if (audio?.context.state !== "running") return null;
      const { baseLatency, outputLatency } = audio.context;
      return Math.round((baseLatency + (outputLatency || 0)) * 1000);
    },
  };
}

/** A small room behind the notes, and a limit above them, so that ten fingers do not clip. */
function makeRoom(context: AudioContext): { input: AudioNode; output: AudioNode } {
  const input = new GainNode(context);
  const limit = new DynamicsCompressorNode(context, { threshold: -14, knee: 12, ratio: 6 });
  const reverb = new ConvolverNode(context, { buffer: echoes(context, 1.3) });
  const wet = new GainNode(context, { gain: 0.14 });
  input.connect(limit);
  input.connect(reverb).connect(wet).connect(limit);
  limit.connect(context.destination);
  return { input, output: limit };
}

function echoes(context: AudioContext, seconds: number): AudioBuffer {
  const { sampleRate } = context;
  const length = Math.round(sampleRate * seconds);
  const buffer = new AudioBuffer({ length, sampleRate, numberOfChannels: 2 });
  for (const channel of [0, 1]) {
    const samples = buffer.getChannelData(channel);
    for (let frame = 0; frame < length; frame++) {
      samples[frame] = (Math.random() * 2 - 1) * (1 - frame / length) ** 3.2;
    }
  }
  return buffer;
}
