import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

// After `next build`: packs scripts and styles once, as tightly as can be. Next packs them by gzip for each request.
const compress = promisify(brotliCompress);
const dir = fileURLToPath(new URL(".next/static/", import.meta.url));
const names = await readdir(dir, { recursive: true });
await Promise.all(
  names
    .filter((name) => /\.(js|css)$/.test(name))
    .map(async (name) => {
      const bytes = await readFile(join(dir, name));
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      };
      await writeFile(join(dir, `${name}.br`), await compress(bytes, { params }));
    }),
);
