import type { BytePatch } from "../bytes/byte-patches";
import { pictureLocation } from "../images/blank-location";
import type { ImageSource } from "../images/read-header";
import { type ImageFacts, readImageFacts } from "../images/read-image-facts";
import { type ResizedImage, resizeImage, type WantedImage } from "../images/resize-image";
import { stripLocation } from "../images/strip-location";
import { clipLocation } from "./clip-location";
import { drawWaveform } from "./draw-waveform";
import { type ClipFacts, readClipFacts } from "./read-clip-facts";
import { takeFrame } from "./take-frame";

/** Reads from what the server holds, for work that needs only parts. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array>;

interface Bounded {
  image: ImageSource;
  maxPixels: number;
}

/** What can be asked of the workbench, by name. */
export const tasks = {
  readImageFacts: ({
    image,
    ...wanted
  }: Bounded & { workPath?: string | null }): Promise<ImageFacts | null> =>
    readImageFacts(image, wanted),
  resizeImage: ({ image, ...wanted }: Bounded & WantedImage): Promise<ResizedImage> =>
    resizeImage(image, wanted),
  stripLocation: ({ image, maxPixels }: Bounded): Promise<Uint8Array | null> =>
    stripLocation(image, { maxPixels }),
  pictureLocation: ({ image }: { image: ImageSource }): Promise<BytePatch[] | null> =>
    pictureLocation(image),
  clipLocation: (
    { sizeBytes }: { sizeBytes: number },
    read: ReadRange,
  ): Promise<BytePatch[] | null> => clipLocation({ sizeBytes, read }),
  readClipFacts: (
    { sizeBytes }: { sizeBytes: number },
    read: ReadRange,
  ): Promise<ClipFacts | null> => readClipFacts({ sizeBytes, read }),
  drawWaveform: (
    clip: { sizeBytes: number; durationSeconds: number },
    read: ReadRange,
  ): Promise<Uint8Array | null> => drawWaveform({ ...clip, read }),
  takeFrame: (
    clip: { sizeBytes: number; durationSeconds: number | null },
    read: ReadRange,
  ): Promise<Uint8Array | null> => takeFrame({ ...clip, read }),
};

type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
export type TaskInput<Name extends TaskName> = Parameters<Tasks[Name]>[0];
export type TaskOutput<Name extends TaskName> = Awaited<ReturnType<Tasks[Name]>>;
