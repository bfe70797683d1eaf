import { createReadStream } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { UnusableFile } from "../unusable-file";
import type { ContainedFile, Container } from "./container";

/** Some browsers unpack what they download. Links are not followed: what they lead to is not the export's. */
export async function openFolder(path: string): Promise<Container> {
  const files: ContainedFile[] = [];
  for await (const name of walk(path, "")) {
    const place = join(path, name);
    const { size } = await lstat(place);
    files.push({ name, sizeBytes: size, open: () => openFile(place) });
  }
  return { files, close: async () => {} };
}

async function* walk(path: string, within: string): AsyncGenerator<string> {
  for (const item of await readdir(join(path, within), { withFileTypes: true })) {
    const name = `${within}${item.name}`;
    // What is hidden is of the system, or of a tool.
    if (item.name.startsWith(".")) continue;
    if (item.isDirectory()) yield* walk(path, `${name}/`);
    else if (item.isFile()) yield name;
  }
}

async function openFile(place: string) {
  const stream = createReadStream(place);
  return new Promise<typeof stream>((resolve, reject) => {
    stream.once("ready", () => resolve(stream));
    stream.once("error", ({ message }) => {
      reject(new UnusableFile(`its bytes cannot be read: ${message}`));
    });
  });
}
