// Uploads of one large file from Chromium to the simulator of R2: our client beside Uppy's and better-upload's.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { spread, table } from "../statistics";
import type { Sender } from "./browser-page";
import { writeRandom } from "./random-file";
import { serveBrowserPage } from "./serve-browser-page";
import { startStoreServer } from "./store-server";

const [rounds, sizeMib] = [Number(process.argv[2] ?? 5), Number(process.argv[3] ?? 256)];
const senders: Sender[] = [
  "fermata",
  "fermata, no MD5",
  "@uppy/aws-s3",
  "@uppy/aws-s3, with MD5",
  "better-upload",
];

const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
const path = join(dir, "film.bin");
await writeRandom(path, sizeMib);
const store = await startStoreServer("miniflare");
if (!store.s3) throw new Error("the simulator did not start");
const served = await serveBrowserPage(store.s3);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  // The simulator answers no preflight: so none of the clients needs one.
  args: ["--no-sandbox", "--disable-gpu", "--disable-web-security"],
});

async function upload(sender: Sender): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(served.origin);
    await page.setInputFiles("input", path);
    const { url, token } = store;
    return await page.evaluate(([name, server]) => window.uploads.upload(name, server), [
      sender,
      { url, token },
    ] as const);
  } finally {
    await context.close();
  }
}

const speeds = new Map<Sender, number[]>(senders.map((sender) => [sender, []]));
try {
  for (const sender of senders) await upload(sender);
  for (let round = 0; round < rounds; round++) {
    // Each is first in its turn: what is cold, or left by the one before, is nobody's burden alone.
    const first = round % senders.length;
    for (const sender of [...senders.slice(first), ...senders.slice(0, first)]) {
      const ms = await upload(sender);
      speeds.get(sender)?.push((sizeMib * 1000) / ms);
      console.error(round, sender, Math.round(ms));
    }
  }
} finally {
  await browser.close();
  await served.stop();
  await store.close();
  await rm(dir, { recursive: true, force: true });
}
const of = (sender: Sender) => speeds.get(sender) ?? [];
const against = (mine: Sender, other: Sender) =>
  spread(
    of(mine).map((speed, round) => speed / (of(other)[round] ?? Number.NaN)),
    2,
  );
console.log(`\n${sizeMib} MiB, ${rounds} rounds interleaved: median (least to most)\n`);
console.log(
  table(
    ["client in Chromium", "MiB/s", "fermata against it", "fermata without MD5 against it"],
    senders.map((sender) => [
      sender,
      spread(of(sender)),
      against("fermata", sender),
      against("fermata, no MD5", sender),
    ]),
  ),
);
