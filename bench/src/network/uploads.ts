// Uploads from Chromium over lines as people have them: ours beside Uppy's, better-upload's and tus's.
// uploads.ts [rounds] [profiles, by commas] [loads, by commas] [senders, by semicolons]
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createFermata } from "@fermata/api";
import { chromium } from "playwright-core";
import { startServer } from "../servers";
import { median, table } from "../statistics";
import { startStoreServer } from "../storage/store-server";
import { openLine, type ProfileName, profiles } from "./line";
import { chromiumIn, namespace } from "./namespace";
import type { Sender, Servers } from "./page";
import { servePage, servePeers } from "./serve-peers";

const loads = {
  photo: { files: 1, bytes: 3_000_000, name: "photo.jpg", patienceSeconds: 60 },
  twelve: { files: 12, bytes: 3_000_000, name: "photo.jpg", patienceSeconds: 120 },
  clip: { files: 1, bytes: 60_000_000, name: "clip.webm", patienceSeconds: 180 },
};
type Load = keyof typeof loads;
const everySender: Sender[] = [
  "fermata, disk",
  "fermata, S3",
  "@uppy/aws-s3",
  "better-upload",
  "tus",
];

const [rounds = "3", chosenProfiles, chosenLoads, chosenSenders] = process.argv.slice(2);
const senders = (chosenSenders?.split(";") ?? everySender) as Sender[];
const profileNames = (chosenProfiles?.split(",") ?? Object.keys(profiles)) as ProfileName[];
const loadNames = (chosenLoads?.split(",") ?? Object.keys(loads)) as Load[];

const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
const paths = new Map<Load, string[]>();
for (const name of loadNames) {
  const { files, bytes, name: filename } = loads[name];
  const all = Array.from({ length: files }, (_, index) =>
    join(dir, `${index}-${name}-${filename}`),
  );
  // They begin as what they are called; what follows is noise, which nothing on the way can shorten.
  const head = filename.endsWith("jpg")
    ? Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex")
    : Buffer.from("1a45dfa39f4286810142f7810142f2810442f381084282847765626d", "hex");
  for (const path of all)
    await writeFile(path, Buffer.concat([head, randomBytes(bytes - head.length)]));
  paths.set(name, all);
}

const [disk, s3] = [await startStoreServer("disk"), await startStoreServer("miniflare")];
if (!s3.s3) throw new Error("the simulator did not start");
const tus = await startServer(
  ["--import", "tsx", fileURLToPath(new URL("../files/tus-upload.ts", import.meta.url))],
  { UPLOADS_DIR: await mkdtemp(join(dir, "tus-")) },
);
const [page, peers] = [await servePage(), await servePeers(s3.s3)];
const servers: Servers = {
  disk,
  s3,
  peers: `http://127.0.0.1:${peers.port}`,
  tus: tus.url,
};
const ports = [disk.url, s3.url, s3.s3.endpoint, servers.peers, tus.url].map((url) =>
  Number(new URL(url).port),
);

/** How a browser is started over such a line. */
async function openWay(profile: ProfileName, round: number) {
  // Whoever made the namespace has shaped its line as well.
  if (namespace) {
    const { remove, ...launched } = await chromiumIn(namespace);
    return { ...launched, sentBytes: () => Number.NaN, close: remove };
  }
  const line = openLine(profiles[profile], round);
  const rules = await Promise.all(
    ports.map(async (port) => `MAP 127.0.0.1:${port} 127.0.0.1:${await line.to(port)}`),
  );
  return {
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: [`--host-resolver-rules=${rules.join(",")}`],
    sentBytes: line.sentBytes,
    close: line.close,
  };
}

/** The time of one upload, and what left the browser for it; null when it was given up. In a round each loses the same packets. */
async function upload(sender: Sender, profile: ProfileName, load: Load, round: number) {
  const way = await openWay(profile, round);
  const browser = await chromium.launch({
    executablePath: way.executablePath,
    // The simulator answers no preflight: so none of the clients needs one.
    args: ["--no-sandbox", "--disable-gpu", "--disable-web-security", ...way.args],
  });
  try {
    const tab = await browser.newPage();
    let requests = 0;
    tab.on("request", (request) => {
      if (request.method() !== "OPTIONS") requests++;
    });
    await tab.goto(`http://127.0.0.1:${page.port}`);
    const { disk, s3, peers, tus } = servers;
    const told = {
      disk: { url: disk.url, token: disk.token },
      s3: { url: s3.url, token: s3.token },
      peers,
      tus,
    };
    await tab.evaluate(([name, to]) => window.network.prepare(name, to), [sender, told] as const);
    await tab.setInputFiles("input", paths.get(load) ?? []);
    const before = way.sentBytes();
    requests = 0;
    // Unheeded once all is measured.
    const patience = setTimeout(loads[load].patienceSeconds * 1000, null, { ref: false });
    const uploading = tab
      .evaluate(([name, to]) => window.network.upload(name, to), [sender, told] as const)
      .catch((error) => {
        console.error(sender, String(error).slice(0, 200));
        return null;
      });
    const ms = await Promise.race([uploading, patience]);
    return { ms, requests, sentMb: (way.sentBytes() - before) / 1e6 };
  } finally {
    await browser.close();
    await way.close();
  }
}

/** What a server does with media once they are there is nobody's who sends next. */
async function atRest({ url, token }: { url: string; token: string }): Promise<void> {
  const { storage } = createFermata({ url, token }).trpc;
  for (;;) {
    const { items } = await storage.list.query({ limit: 20 });
    if (!items.some(({ processing }) => processing?.state === "processing")) return;
    await setTimeout(200);
  }
}

const rows: string[][] = [];
try {
  for (const profile of profileNames) {
    for (const load of loadNames) {
      const times = new Map<Sender, (number | null)[]>(senders.map((sender) => [sender, []]));
      const facts = new Map<Sender, string>();
      for (let round = 0; round < Number(rounds); round++) {
        // Each is first in its turn.
        const first = round % senders.length;
        for (const sender of [...senders.slice(first), ...senders.slice(0, first)]) {
          const { ms, requests, sentMb } = await upload(sender, profile, load, round);
          times.get(sender)?.push(ms);
          const sent = Number.isNaN(sentMb) ? "" : `, ${sentMb.toFixed(1)} MB`;
          facts.set(sender, `${requests} requests${sent}`);
          console.error(profile, load, round, sender, ms && Math.round(ms), facts.get(sender));
          if (sender.startsWith("fermata")) await Promise.all([disk, s3].map(atRest));
        }
      }
      const cell = (sender: Sender) => {
        const all = times.get(sender) ?? [];
        const done = all.filter((ms) => ms !== null);
        if (done.length === 0) return `never (0 of ${all.length})`;
        const text = Math.round(median(done)).toLocaleString("en-US");
        return done.length < all.length ? `${text} (${done.length} of ${all.length})` : text;
      };
      rows.push([profile, load, ...senders.map(cell)]);
    }
  }
} finally {
  await Promise.all([page.stop(), peers.stop(), tus.stop(), disk.close(), s3.close()]);
  await rm(dir, { recursive: true, force: true });
}
console.log(`\nmedian of ${rounds} in ms\n`);
console.log(table(["line", "load", ...senders], rows));
