import { describe, expect, test } from "vitest";
import { filePicture, mediaPicture, mediaPoster } from "./picture-sources";
import type { FileMetadata, Media } from "./procedures";

const image = (width: number): Pick<FileMetadata, "contentType" | "image"> => ({
  contentType: "image/png",
  image: { width, height: width / 2, orientation: 1, thumbHash: "hash" },
});

describe("a stored file", () => {
  test("is had in the copies that are smaller than it, and as it is", () => {
    expect(filePicture("/f?t=1", image(300))).toMatchObject({
      src: "/f?t=1",
      srcSet: "/f?t=1&w=64 64w, /f?t=1&w=128 128w, /f?t=1&w=256 256w, /f?t=1 300w",
      width: 300,
      height: 150,
    });
  });

  test("is never given as it is where no browser shows it", () => {
    const heic = { ...image(2000), contentType: "image/heic" };
    expect(filePicture("/f?t=1", heic).srcSet).not.toMatch(/t=1 /);
    expect(filePicture("/f?t=1", heic).srcSet).toContain("&w=1024 2000w");
  });

  test("has no copies where it cannot be decoded, and nothing before its address is known", () => {
    expect(filePicture("/f", { contentType: "text/plain" }).srcSet).toBeUndefined();
    expect(filePicture(null, image(300)).src).toBeNull();
  });
});

describe("media", () => {
  const copy = (width: number, contentType: string) => ({
    width,
    height: width,
    contentType,
    url: `/${width}.${contentType.slice(6)}`,
  });
  const media = {
    contentType: "image/jpeg",
    publicUrl: "/original.jpg",
    width: 2000,
    height: 2000,
    variants: [320, 1280, 2560].flatMap((width) => [
      copy(width, "image/avif"),
      copy(width, "image/webp"),
    ]),
  } as Media;

  test("come in the best format first, and in one address of a usual width", () => {
    const { src, sources } = mediaPicture(media);
    expect(sources.map(({ type }) => type)).toEqual(["image/avif", "image/webp"]);
    expect(sources[0]?.srcSet).toBe("/320.avif 320w, /1280.avif 1280w, /2560.avif 2560w");
    expect(src).toBe("/1280.webp");
  });

  test("of a photo without copies are the original; of a clip, its poster alone", () => {
    const { variants: _, ...bare } = media;
    expect(mediaPicture(bare).src).toBe("/original.jpg");
    expect(mediaPicture({ ...bare, contentType: "video/mp4" }).src).toBeNull();
    expect(mediaPoster({ ...bare, contentType: "video/mp4", posterUrl: "/poster" })).toBe(
      "/poster",
    );
  });
});
