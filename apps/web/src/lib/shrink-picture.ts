import { limits } from "@fermata/contract";

/** A phone's picture of 12 megapixels becomes one that still fills a screen. */
const longestEdge = 1600;

/** A picture that is too large for a small file, made smaller; any other as it is. */
export async function shrinkPicture(picture: File): Promise<File> {
  if (picture.size <= limits.files.maxBytes) return picture;
  // What the browser cannot decode is sent as it is: the server says what is wrong with it.
  const bitmap = await createImageBitmap(picture).catch(() => null);
  if (!bitmap) return picture;
  const scale = Math.min(1, longestEdge / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/jpeg", 0.9),
  );
  if (!blob) return picture;
  return new File([blob], picture.name.replace(/\.\w+$/, ".jpg"), { type: blob.type });
}
