import type { Fermata } from "./create-fermata";
import type { Media } from "./procedures";

/** Wider posters than this no page asks for. */
const maxWidthPx = 1920;
/** Films often begin in the dark. */
const seekSeconds = 1;
const patienceMs = 15_000;

export interface VideoPosterOptions {
  /** The instant to show, in seconds; a second after the start when left out. */
  atSeconds?: number;
}

/**
 * Takes a frame of a film as a picture, in a browser and before anything is sent.
 * @returns a WebP (JPEG where the browser makes none) of at most 1920 pixels across; null for a film that it cannot show
 */
export async function makeVideoPoster(
  film: Blob,
  { atSeconds = seekSeconds }: VideoPosterOptions = {},
): Promise<Blob | null> {
  const url = URL.createObjectURL(film);
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.preload = "auto";
  try {
    video.src = url;
    await once(video, "loadeddata");
    const { duration } = video;
    video.currentTime = Number.isFinite(duration) ? Math.min(atSeconds, duration / 2) : atSeconds;
    await once(video, "seeked");
    return await drawFrame(video);
  } catch {
    return null;
  } finally {
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(url);
  }
}

/**
 * Makes a picture of a film that was uploaded, uploads it and has it stand for the film. It does nothing for a film that
 * the browser cannot show.
 * @throws FermataError as `media.upload` does
 */
export async function addVideoPoster(
  client: Pick<Fermata, "trpc" | "media">,
  { key, visibility }: Pick<Media, "key" | "visibility">,
  film: Blob,
): Promise<Media | null> {
  const poster = await makeVideoPoster(film);
  if (!poster) return null;
  const filename = poster.type === "image/webp" ? "poster.webp" : "poster.jpg";
  const uploaded = await client.media.upload(poster, { filename, visibility });
  return client.trpc.storage.setPoster.mutate({ key, posterKey: uploaded.key });
}

async function drawFrame(video: HTMLVideoElement): Promise<Blob | null> {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0) return null;
  const scale = Math.min(1, maxWidthPx / videoWidth);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  // A browser that does not know a type answers with PNG.
  const webp = await toBlob(canvas, "image/webp");
  return webp?.type === "image/webp" ? webp : toBlob(canvas, "image/jpeg");
}

function toBlob(canvas: HTMLCanvasElement, type: string): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, type, 0.85));
}

function once(video: HTMLVideoElement, event: "loadeddata" | "seeked"): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the film does not load")), patienceMs);
    const end = (act: () => void) => () => {
      clearTimeout(timer);
      act();
    };
    video.addEventListener(event, end(resolve), { once: true });
    video.addEventListener(
      "error",
      end(() => reject(video.error)),
      { once: true },
    );
  });
}
