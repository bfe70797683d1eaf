import { randomBytes } from "node:crypto";
import { open } from "node:fs/promises";

const mib = 1024 * 1024;

/** A file that no store can make smaller, forced to the disk before anything is timed. */
export async function writeRandom(path: string, sizeMib: number): Promise<void> {
  const file = await open(path, "w");
  const chunk = randomBytes(16 * mib);
  for (let written = 0; written < sizeMib; written += 16) {
    chunk.writeUInt32BE(written);
    await file.write(chunk);
  }
  await file.sync();
  await file.close();
}
