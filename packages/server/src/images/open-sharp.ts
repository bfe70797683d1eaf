import type { default as Sharp, SharpOptions } from "sharp";

type SharpFactory = typeof Sharp;

/** The loaders that bytes of strangers may reach. Not among them: SVG and PDF, which can name other files. */
const loaders = [
  "VipsForeignLoadJpeg",
  "VipsForeignLoadPng",
  "VipsForeignLoadWebp",
  "VipsForeignLoadNsgif",
  "VipsForeignLoadHeif",
  "VipsForeignLoadTiff",
];

let opened: Promise<SharpFactory> | null = null;

/** Loaded when the first image comes: a server that sees none does not pay for the library. */
export function openSharp(): Promise<SharpFactory> {
  opened ??= import("sharp").then(({ default: sharp }) => {
    sharp.block({ operation: ["VipsForeignLoad"] });
    sharp.unblock({ operation: loaders });
    // One thread an image, and nothing kept: no image comes twice.
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  });
  return opened;
}

/** How every image is opened. Its pixels are counted by `readHeader`, which tells how many there are. */
export const openOptions = { failOn: "none", limitInputPixels: false } satisfies SharpOptions;
