import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { filesBelow } from "./files-below";
import type { BackupPlace } from "./place";

const draftSuffix = ".part";

export function createFolderPlace(folder: string): BackupPlace {
  const dir = resolve(folder);
  return {
    name: dir,
    isReadBack: true,
    async sizes(below) {
      const sizes = new Map<string, number>();
      for await (const path of filesBelow(join(dir, below))) {
        if (path.endsWith(draftSuffix)) continue;
        const { size } = await stat(join(dir, below, path));
        sizes.set([below, ...path.split(sep)].join("/"), size);
      }
      return sizes;
    },
    async write(path, body) {
      const to = join(dir, path);
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      const draft = `${to}${draftSuffix}`;
      await pipeline(body, createWriteStream(draft, { mode: 0o600, flush: true }));
      await rename(draft, to);
    },
    async read(path) {
      const file = join(dir, path);
      return (await stat(file).catch(() => null)) ? createReadStream(file) : null;
    },
    remove: (path) => rm(join(dir, path), { force: true }),
  };
}
