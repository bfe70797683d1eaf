import type { BytePatch } from "../bytes/byte-patches";
import type { ImageSource } from "../images/read-header";
import type { ImageFacts } from "../images/read-image-facts";
import type { ResizedImage, WantedImage } from "../images/resize-image";
import type { ClipFacts } from "../workbench/read-clip-facts";

/**
 * Who waits for it. A person's request goes before whatever is done in the background, and never waits for it to end.
 */
export type Urgency = "person" | "background";

/** When it is its turn. */
export interface Turn {
  urgency: Urgency;
  /** Whose content it is. What one brings, however much and however broken, does not keep the others waiting. */
  whose: string | null;
}

/** Bytes of a clip, read where it lies. */
export interface ClipSource {
  sizeBytes: number;
  /** The bytes from `start` up to and without `end`. What it throws is thrown on, as it is. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/**
 * Where bytes of strangers are parsed: outside this process, with an end in time and memory. Whatever they do to their
 * reader, the server goes on.
 *
 * Every call throws AppError UNSUPPORTED_MEDIA_TYPE `{ reason }` when the work is ended for taking too long or too much
 * memory, UPSTREAM_UNAVAILABLE when more wait than there is room for or the server stops, and ReaderDied when the reader
 * ended of itself: that may pass.
 */
export interface Workbench {
  /**
   * @param wanted.workPath a file that is written for formats that are dear to decode: a picture to make copies of
   * @returns null for what cannot be decoded
   * @throws AppError PAYLOAD_TOO_LARGE `{ pixels, maxPixels }`, before decoding
   */
  readImageFacts(
    image: LazyImage,
    wanted: Bounds & { workPath?: string },
  ): Promise<ImageFacts | null>;
  /** @throws AppError UNSUPPORTED_MEDIA_TYPE for what cannot be decoded; PAYLOAD_TOO_LARGE `{ pixels, maxPixels }` */
  resizeImage(image: LazyImage, wanted: Bounds & WantedImage): Promise<ResizedImage>;
  /**
   * The same picture without a word on where it was taken.
   * @returns null where the bytes say nothing of a place
   * @throws AppError UNSUPPORTED_MEDIA_TYPE when the place can be seen and not removed
   */
  stripLocation(bytes: LazyImage, wanted: Bounds): Promise<Uint8Array | null>;
  /**
   * Where a picture says in which place it was taken, and what to write there instead.
   * @returns null where it says nothing of a place
   * @throws AppError UNSUPPORTED_MEDIA_TYPE when the place can be seen and not removed
   */
  pictureLocation(image: LazyImage, turn: Turn): Promise<BytePatch[] | null>;
  /** The same of a film or recording; null, too, for what is no container of MP4's family. */
  clipLocation(clip: ClipSource, turn: Turn): Promise<BytePatch[] | null>;
  /** @returns null for what is no container that can be read */
  readClipFacts(clip: ClipSource, turn: Turn): Promise<ClipFacts | null>;
  /**
   * What a recording looks like.
   * @returns 256 peaks, a byte each; null where no decoder for it is installed
   */
  drawWaveform(
    clip: ClipSource & { durationSeconds: number },
    turn: Turn,
  ): Promise<Uint8Array | null>;
  /**
   * A picture to stand for a film, as WebP.
   * @returns null where no decoder for it is installed
   */
  takeFrame(
    clip: ClipSource & { durationSeconds: number | null },
    turn: Turn,
  ): Promise<Uint8Array | null>;
  /** Ends the processes. What is at work or waiting fails with UPSTREAM_UNAVAILABLE. */
  close(): Promise<void>;
}

interface Bounds extends Turn {
  maxPixels: number;
}

/** The image, or how to fetch it when it is its turn: however many wait, a few are in memory. */
export type LazyImage = ImageSource | (() => Promise<ImageSource>);
