import { randomBytes } from "node:crypto";
import { appendFile, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openFile, openReader, requireReadable } from "./local-file";

const bytes = randomBytes(300_000);
let dir: string;
let path: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-file-"));
  path = join(dir, "film.mp4");
  await writeFile(path, bytes);
});
afterAll(() => rm(dir, { recursive: true }));

async function read(file: Blob, start: number, end: number): Promise<Buffer> {
  const reader = await openReader(file);
  const into = new Uint8Array(end - start);
  try {
    await reader.read(into, start);
  } finally {
    await reader.close();
  }
  return Buffer.from(into);
}

test("a file of this machine has its name, type, size and time, and its bytes", async () => {
  const file = await openFile(path, "video/mp4");
  const { mtimeMs } = await stat(path);
  expect([file.name, file.type, file.size]).toEqual(["film.mp4", "video/mp4", bytes.length]);
  expect(file.lastModified).toBe(Math.floor(mtimeMs));
  expect(Buffer.from(await file.slice(10, 20).arrayBuffer())).toEqual(bytes.subarray(10, 20));
  expect((await openFile(path)).type).toBe("application/octet-stream");
});

test("is read from its place, as any other blob is", async () => {
  for (const file of [await openFile(path), new Blob([bytes])]) {
    expect((await read(file, 0, bytes.length)).equals(bytes)).toBe(true);
    expect(await read(file, 299_990, 300_000)).toEqual(bytes.subarray(299_990));
    await expect(read(file, 299_990, 300_001)).rejects.toMatchObject({ code: "INVALID_INPUT" });
  }
});

test("that is changed meanwhile is refused instead of being mixed", async () => {
  const changing = join(dir, "changing.bin");
  await writeFile(changing, bytes);
  const file = await openFile(changing);
  await appendFile(changing, "more");
  await expect(read(file, 0, 100)).rejects.toMatchObject({ code: "INVALID_INPUT" });
});

test("that is deleted meanwhile is refused as one that was changed", async () => {
  const going = join(dir, "going.bin");
  await writeFile(going, bytes);
  const file = await openFile(going);
  await rm(going);
  await expect(read(file, 0, 100)).rejects.toMatchObject({ code: "INVALID_INPUT" });
});

test("that was changed or deleted since it was chosen says so before anything is sent", async () => {
  const chosen = join(dir, "chosen.bin");
  for (const meddle of [() => appendFile(chosen, "more"), () => rm(chosen)]) {
    await writeFile(chosen, bytes);
    const file = await openFile(chosen);
    await requireReadable(file);
    await meddle();
    const refusal = { name: "FermataError", code: "INVALID_INPUT" };
    await expect(requireReadable(file)).rejects.toMatchObject(refusal);
  }
});

test("that is not there is not opened", async () => {
  await expect(openFile(join(dir, "nothing"))).rejects.toMatchObject({ code: "ENOENT" });
});
