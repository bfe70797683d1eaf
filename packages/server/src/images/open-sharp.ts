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

/**
 * Images that are decoded at the same time. One may take four bytes a pixel, and each takes a thread of the pool that
 * reads and writes files too.
 */
const atOnce = 2;

let opened: Promise<SharpFactory> | null = null;

/** Loaded when the first image comes: a server that sees none does not pay for the library. */
function openSharp(): Promise<SharpFactory> {
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

let free = atOnce;
const waiting: (() => void)[] = [];

/** Runs work on an image when it is its turn: however many come at once, a few are in memory. */
export async function withSharp<T>(work: (sharp: SharpFactory) => Promise<T>): Promise<T> {
  const sharp = await openSharp();
  if (free > 0) free--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work(sharp);
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}

/** How every image is opened. Its pixels are counted by `readHeader`, which tells how many there are. */
export const openOptions = { failOn: "error", limitInputPixels: false } satisfies SharpOptions;

/** An image that takes longer is given up. */
export const decodeSeconds = 30;
