import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { FileThumb } from "./file-thumb";
import { Preview } from "./preview";

const url = "/files/1?signature=x";
const thumbHash = "3+cNLIZzgHB3d3doiIiAKMivmQ==";
const thumb = (props: { contentType: string; thumbHash?: string; url?: string | null }) =>
  renderToStaticMarkup(createElement(FileThumb, { url, widthPixels: 64, ...props }));
const preview = (props: Partial<Parameters<typeof Preview>[0]> & { contentType: string }) =>
  renderToStaticMarkup(createElement(Preview, { url, name: "it", ...props }));

test.each(["image/heic", "image/tiff", "image/apng", "image/of-next-year"])(
  "of %s a list shows the copy, where there is one, and an icon where there is none",
  (contentType) => {
    expect(thumb({ contentType, thumbHash })).toContain("signature=x&amp;w=64");
    expect(thumb({ contentType: "image/heic" })).toContain("lucide-image");
    expect(thumb({ contentType, thumbHash, url: null })).not.toContain("<img");
  },
);

test("a picture that browsers show is shown itself where it has no copies", () => {
  expect(thumb({ contentType: "image/png" })).toContain('src="/files/1?signature=x"');
  expect(preview({ contentType: "image/png", copyUrl: "/copy" })).toContain(`src="${url}"`);
});

test("another is looked at by its copy, and opened as itself", () => {
  const shown = preview({ contentType: "image/tiff", copyUrl: "/copy" });
  expect(shown).toContain('src="/copy"');
  expect(shown).toContain(`href="${url}"`);
  expect(preview({ contentType: "image/tiff" })).toContain("No preview for this type");
});

test("what has a waveform is heard, whatever it is called", () => {
  const waveform = Buffer.alloc(256, 9).toString("base64");
  expect(preview({ contentType: "video/mp4", waveform })).toContain("<audio");
  expect(preview({ contentType: "video/mp4" })).toContain("<video");
});
