import { expect, test } from "vitest";
import { cropRectangle, readCrop, wholePicture } from "./crop";

const hd = { width: 1920, height: 1080 };

test("a wide box shows the whole width of a picture, from its middle", () => {
  expect(cropRectangle(wholePicture, hd, 4)).toEqual({
    left: 0,
    top: 300,
    width: 1920,
    height: 480,
  });
});

test("a tall box shows the whole height", () => {
  expect(cropRectangle(wholePicture, hd, 1)).toEqual({
    left: 420,
    top: 0,
    width: 1080,
    height: 1080,
  });
});

test("zoomed in, the part stays inside the picture at every place", () => {
  for (const x of [0, 50, 100]) {
    for (const y of [0, 50, 100]) {
      const part = cropRectangle({ zoom: 2, x, y }, hd, 4);
      expect(part.left).toBeGreaterThanOrEqual(0);
      expect(part.top).toBeGreaterThanOrEqual(0);
      expect(part.left + part.width).toBeLessThanOrEqual(hd.width);
      expect(part.top + part.height).toBeLessThanOrEqual(hd.height);
    }
  }
  expect(cropRectangle({ zoom: 2, x: 100, y: 100 }, hd, 4)).toEqual({
    left: 960,
    top: 840,
    width: 960,
    height: 240,
  });
});

test("what the other side says is kept within bounds", () => {
  expect(readCrop({ zoom: 2, x: 10, y: 90 })).toEqual({ zoom: 2, x: 10, y: 90 });
  expect(readCrop({ zoom: 900, x: -5, y: 900 })).toEqual({ zoom: 4, x: 0, y: 100 });
  for (const wrong of [null, "2", { zoom: "2", x: 1, y: 1 }, { zoom: Number.NaN, x: 1, y: 1 }]) {
    expect(readCrop(wrong)).toEqual(wholePicture);
  }
});
