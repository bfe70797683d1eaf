import { type SceneContext, sceneSize } from "../keepsakes/draw-scene";

/** A film that is being made. */
export interface Film {
  /** Its media type, without parameters. */
  readonly type: string;
  /** @returns the whole of it; without a byte where nothing came of it */
  stop(): Promise<Blob>;
}

/** Two thirds of a snapshot's size, which a call leaves time for. */
const scale = 2 / 3;
const framesPerSecond = 20;
const bitsPerSecond = { audioBitsPerSecond: 192_000, videoBitsPerSecond: 2_500_000 };
/** What is filmed leaves the recorder this often, so that memory holds little of it. */
const chunkMs = 1_000;
/** The first that the browser can write; VP8 costs a call the least. */
const types = ["video/webm;codecs=vp8,opus", "video/mp4;codecs=avc1.42E01F,mp4a.40.2", "video/mp4"];

export function filmType(): string | undefined {
  if (typeof MediaRecorder === "undefined") return undefined;
  return types.find((type) => MediaRecorder.isTypeSupported(type));
}

/**
 * Films what `draw` draws, with the sound of a stream. @throws where the browser can film nothing
 * @param onChunk hears of each part as it is written
 */
export function startFilm(
  draw: (context: SceneContext) => void,
  sound: MediaStream,
  onChunk: (chunk: Blob) => void,
): Film {
  const canvas = document.createElement("canvas");
  canvas.width = 2 * Math.round((sceneSize.width * scale) / 2);
  canvas.height = 2 * Math.round((sceneSize.height * scale) / 2);
  const context = canvas.getContext("2d");
  const mimeType = filmType();
  if (!context || !mimeType) throw new Error("This browser cannot film.");
  context.scale(scale, scale);
  draw(context);
  const picture = canvas.captureStream(framesPerSecond);
  const recorder = new MediaRecorder(
    new MediaStream([...picture.getVideoTracks(), ...sound.getAudioTracks()]),
    { mimeType, ...bitsPerSecond },
  );
  const chunks: Blob[] = [];
  recorder.ondataavailable = ({ data }) => {
    chunks.push(data);
    onChunk(data);
  };
  const stopped = new Promise<void>((resolve) => {
    recorder.onstop = () => resolve();
  });
  // Animation frames stand still in a hidden tab; a timer only slows down.
  const timer = setInterval(() => draw(context), 1000 / framesPerSecond);
  recorder.start(chunkMs);
  const [type = mimeType] = mimeType.split(";");
  return {
    type,
    async stop() {
      if (recorder.state !== "inactive") recorder.stop();
      await stopped;
      clearInterval(timer);
      for (const track of picture.getTracks()) track.stop();
      return new Blob(chunks, { type });
    },
  };
}
