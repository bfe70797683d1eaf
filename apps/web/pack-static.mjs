import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

// After `next build`: packs scripts and styles once, as tightly as can be. Next packs them by gzip for each request.

/**
 * By this V8 compiles a script's functions beside the page while it arrives, and not in the page when each is called first,
 * which took half of the time in which a console that wakes up answers to nothing. Engines that do not know it read a comment.
 */
const compileAhead = "//# allFunctionsCalledOnLoad\n";
/** What is smaller is compiled in no time. */
const leastBytes = 8 * 1024;

const compress = promisify(brotliCompress);
const dir = fileURLToPath(new URL(".next/static/", import.meta.url));
const names = await readdir(dir, { recursive: true });
await Promise.all(
  names
    .filter((name) => /\.(js|css)$/.test(name))
    .map(async (name) => {
      const path = join(dir, name);
      const bytes = withHint(name, await readFile(path));
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      };
      await writeFile(path, bytes);
      await writeFile(`${path}.br`, await compress(bytes, { params }));
    }),
);

function withHint(name, bytes) {
  const isWanted = name.endsWith(".js") && bytes.length >= leastBytes;
  return isWanted && !bytes.includes(compileAhead)
    ? Buffer.concat([Buffer.from(compileAhead), bytes])
    : bytes;
}
