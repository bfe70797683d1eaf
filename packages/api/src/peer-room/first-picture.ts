/** How Chromium lets a page take the pictures of a track apart, and make a track of others. */
interface PictureParts {
  MediaStreamTrackProcessor?: new (init: {
    track: MediaStreamTrack;
    maxBufferSize: number;
  }) => { readable: ReadableStream<VideoFrame> };
  MediaStreamTrackGenerator?: new (init: {
    kind: "video";
  }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };
}

export interface FirstPictureTarget {
  connection: RTCPeerConnection;
  /** The camera's place, which another track is lent for a moment. */
  sender: RTCRtpSender;
  giveBack(): unknown;
  /** Whether the camera still has that place. */
  isWanted(): boolean;
}

const betweenPicturesMs = 8;
/** When a connection takes longer to stand, or a picture to be encoded, the camera has given some by then. */
const patienceMs = 1_000;
/** Smaller by so much on each side: coded, sent and decoded in a fraction of the time that the whole one takes. */
const firstScale = 2;
/** Of a smaller one too little would be left. */
const leastPixels = 640 * 360;
/** A whole picture is work for both sides once more, which is to come when the first one is seen. */
const wholeAfterMs = 500;

/**
 * The newest picture of a camera, kept for connections that begin. A camera gives one each 33 ms or slower, and of those
 * the first only tells an encoder its size; this one is sent at the moment when it can be, in the camera's place.
 * What is kept is kept by the browser: it costs nothing while nobody asks.
 */
export class FirstPicture {
  /** @returns null where the browser has no such parts, or the track is no camera's */
  static of(camera: MediaStreamTrack): FirstPicture | null {
    const { MediaStreamTrackProcessor, MediaStreamTrackGenerator } = globalThis as PictureParts;
    if (!MediaStreamTrackProcessor || !MediaStreamTrackGenerator) return null;
    if (camera.readyState === "ended") return null;
    // Screens are encoded in another way than what a page makes.
    if ("displaySurface" in camera.getSettings()) return null;
    const { readable } = new MediaStreamTrackProcessor({ track: camera, maxBufferSize: 1 });
    return new FirstPicture(camera, readable.getReader(), MediaStreamTrackGenerator);
  }

  readonly #camera: MediaStreamTrack;
  readonly #reader: ReadableStreamDefaultReader<VideoFrame>;
  readonly #Generator: NonNullable<PictureParts["MediaStreamTrackGenerator"]>;
  readonly #onMute = () => this.stop();

  private constructor(
    camera: MediaStreamTrack,
    reader: ReadableStreamDefaultReader<VideoFrame>,
    Generator: NonNullable<PictureParts["MediaStreamTrackGenerator"]>,
  ) {
    this.#camera = camera;
    this.#reader = reader;
    this.#Generator = Generator;
    // Nothing comes after it that would take the place of a picture from before.
    camera.addEventListener("mute", this.#onMute);
  }

  stop(): void {
    this.#camera.removeEventListener("mute", this.#onMute);
    // It may have ended by itself.
    this.#reader.cancel().catch(() => {});
  }

  /**
   * Sends it as soon as both sides are described, and until one was encoded; smaller, as what the camera gives right after
   * it. Without it the camera's own comes later.
   */
  async send(target: FirstPictureTarget): Promise<void> {
    const { connection, sender } = target;
    await until(connection, "signalingstatechange", () => isDescribed(connection));
    const isLate = connection.connectionState === "connected";
    if (isLate || !this.#mayShow(target)) return;
    const scaled = this.#isLarge ? scale(sender, firstScale) : Promise.resolve(false);
    try {
      await this.#lend(target, scaled);
    } finally {
      if (await scaled) void makeWhole(target);
    }
  }

  get #isLarge(): boolean {
    const { width = 0, height = 0 } = this.#camera.getSettings();
    return width * height >= leastPixels;
  }

  async #lend(target: FirstPictureTarget, scaled: Promise<boolean>): Promise<void> {
    const { connection, sender } = target;
    const picture = await this.#take();
    await scaled;
    if (!picture || !this.#mayShow(target)) return;
    const track = new this.#Generator({ kind: "video" });
    track.contentHint = this.#camera.contentHint;
    try {
      await sender.replaceTrack(track);
      const writer = track.writable.getWriter();
      // It tells the encoder the size.
      if (this.#mayShow(target)) await writer.write(frameOf(picture));
      const stands = () => connection.connectionState === "connected";
      await Promise.race([until(connection, "connectionstatechange", stands), wait(patienceMs)]);
      const deadline = performance.now() + patienceMs;
      while (stands() && this.#mayShow(target) && performance.now() < deadline) {
        await writer.write(frameOf(picture));
        await wait(betweenPicturesMs);
        if (await hasEncoded(sender)) return;
      }
    } finally {
      target.giveBack();
      track.stop();
    }
  }

  /** Of a camera that is off, or gone, nothing is shown; and a hidden page's clock is too slow. */
  #mayShow({ isWanted, connection }: FirstPictureTarget): boolean {
    const { enabled, muted, readyState } = this.#camera;
    const isOn = enabled && !muted && readyState === "live";
    return isOn && isWanted() && connection.signalingState !== "closed" && !document.hidden;
  }

  async #take(): Promise<Picture | null> {
    const { value: frame } = await this.#reader.read();
    if (!frame) return null;
    try {
      const { format, visibleRect, colorSpace } = frame;
      const isTurned = "rotation" in frame && frame.rotation !== 0;
      if (!format || !visibleRect || isTurned) return null;
      const bytes = new Uint8Array(frame.allocationSize());
      const layout = await frame.copyTo(bytes);
      const { width, height } = visibleRect;
      const size = { codedWidth: width, codedHeight: height };
      return { bytes, form: { format, ...size, layout, colorSpace } };
    } finally {
      frame.close();
    }
  }
}

/** Both sides are, from here on pictures are encoded; whether the answer is final yet does not matter. */
function isDescribed({ signalingState, remoteDescription }: RTCPeerConnection): boolean {
  const isAnswered = signalingState === "stable" || signalingState === "have-local-pranswer";
  return remoteDescription !== null && isAnswered;
}

async function hasEncoded(sender: RTCRtpSender): Promise<boolean> {
  const reports = await sender.getStats();
  return [...reports.values()].some(({ framesEncoded }) => framesEncoded > 0);
}

/** @returns whether the sender takes it */
async function scale(sender: RTCRtpSender, by: number): Promise<boolean> {
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings;
  if (!encoding) return false;
  encoding.scaleResolutionDownBy = by;
  return sender.setParameters(parameters).then(
    () => true,
    () => false,
  );
}

/** Asks until the sender takes it: nobody is to be shown a small picture for long. */
async function makeWhole({ connection, sender }: FirstPictureTarget): Promise<void> {
  do await wait(wholeAfterMs);
  while (connection.signalingState !== "closed" && !(await scale(sender, 1)));
}

interface Picture {
  bytes: Uint8Array<ArrayBuffer>;
  form: Omit<VideoFrameBufferInit, "timestamp">;
}

/** Made anew each time: of frames with the marks of one moment, an encoder takes one. */
function frameOf({ bytes, form }: Picture): VideoFrame {
  return new VideoFrame(bytes, { ...form, timestamp: Math.round(performance.now() * 1_000) });
}

function until(target: EventTarget, type: string, holds: () => boolean): Promise<void> {
  if (holds()) return Promise.resolve();
  return new Promise((resolve) => {
    const listening = new AbortController();
    const look = () => {
      if (!holds()) return;
      listening.abort();
      resolve();
    };
    target.addEventListener(type, look, { signal: listening.signal });
  });
}

// Its own: shared with the page's first chunk, it would be a file between the two.
function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
