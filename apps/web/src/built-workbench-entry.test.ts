import { readFile } from "node:fs/promises";
import { openWorkbench } from "@fermata/server/internal";
import { expect, test } from "vitest";
import { builtWorkbenchEntry } from "./built-workbench-entry";

const samples = new URL("../../../packages/server/src/testing/samples/", import.meta.url);

test("what is built reads pictures, those of iPhones too, and containers", async () => {
  const workbench = openWorkbench({ entry: builtWorkbenchEntry() });
  const heic = await readFile(new URL("red-and-blue.heic", samples));
  const turn = { urgency: "person", whose: null } as const;
  const wanted = { ...turn, maxPixels: 1_000_000 };
  try {
    expect(await workbench.readImageFacts(heic, wanted)).toMatchObject({ widthPx: 64 });
    const small = await workbench.resizeImage(heic, { ...wanted, widthPx: 32, format: "webp" });
    expect(small).toMatchObject({ widthPx: 32, heightPx: 24 });
    const text = Buffer.from("no film at all");
    const read = async (start: number, end: number) => text.subarray(start, end);
    expect(await workbench.readClipFacts({ sizeBytes: text.length, read }, turn)).toBeNull();
  } finally {
    await workbench.close();
  }
});
