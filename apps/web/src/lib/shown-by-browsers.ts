/** What pages show with `<img>`. */
const pictures =
  /^image\/(jpe?g|pjpeg|a?png|gif|webp|avif|bmp|svg\+xml|x-icon|vnd\.microsoft\.icon)$/;

/** Whether a page can show a picture of this type itself. Of any other it shows the copies, where there are any. */
export function isShownByBrowsers(contentType: string): boolean {
  return pictures.test(essenceOf(contentType));
}

/** Without parameters. */
export function essenceOf(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}
