/** Which part of a camera's picture is shown, so that its keys stand over the drawn ones. */
export interface Crop {
  /** 1 shows the whole width. */
  zoom: number;
  /** Where the part lies, in percent of what is hidden. */
  x: number;
  y: number;
}

export const wholePicture: Crop = { zoom: 1, x: 50, y: 50 };
export const maxZoom = 4;

/** Reads what the other side says about its picture; the whole picture for anything else. */
export function readCrop(value: unknown): Crop {
  if (typeof value !== "object" || value === null) return wholePicture;
  const { zoom, x, y } = value as Record<keyof Crop, unknown>;
  if (![zoom, x, y].every((part) => typeof part === "number" && Number.isFinite(part))) {
    return wholePicture;
  }
  return {
    zoom: clamp(Number(zoom), 1, maxZoom),
    x: clamp(Number(x), 0, 100),
    y: clamp(Number(y), 0, 100),
  };
}

/**
 * The rectangle of a `width` x `height` source that fills a box of the aspect ratio `boxAspect`.
 * It is what the browser shows for `object-fit: cover` and `cropStyle`.
 */
export function cropRectangle(
  { zoom, x, y }: Crop,
  source: { width: number; height: number },
  boxAspect: number,
) {
  const scale = Math.max(boxAspect / source.width, 1 / source.height);
  const width = boxAspect / scale / zoom;
  const height = 1 / scale / zoom;
  // Covering centres across and takes `y` down; the zoom then keeps the point at (x, y) of the box where it was.
  const coverLeft = (source.width - width * zoom) / 2;
  const coverTop = ((source.height - height * zoom) * y) / 100;
  return {
    left: coverLeft + ((width * zoom - width) * x) / 100,
    top: coverTop + ((height * zoom - height) * y) / 100,
    width,
    height,
  };
}

export function cropStyle({ zoom, x, y }: Crop) {
  return {
    objectPosition: `50% ${y}%`,
    transformOrigin: `${x}% ${y}%`,
    transform: zoom === 1 ? undefined : `scale(${zoom})`,
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
