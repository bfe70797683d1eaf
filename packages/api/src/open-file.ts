/**
 * A file of this machine, for `upload`; in Node alone. `openAsBlob` of `node:fs` gives one that can be uploaded, too, but is
 * several times dearer to read.
 * @param type the media type; `application/octet-stream` when left out
 * @throws FermataError INVALID_INPUT outside Node
 */
export async function openFile(path: string, type?: string): Promise<File> {
  // Pages never need it.
  const { openFile: open } = await import("./local-file");
  return open(path, type);
}
