// A gallery of 24 public pictures in a browser that has nothing yet, over lines as people have them: ours beside nginx.
// gallery.ts [rounds] [profiles, by commas]
import { chmod, cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createFermata } from "@fermata/api";
import { chromium } from "playwright-core";
import { startNginx } from "../start-nginx";
import { spread, table } from "../statistics";
import { startStoreServer } from "../storage/store-server";
import { openLine, type ProfileName, profiles } from "./line";

const pictureCount = 24;
const demo = fileURLToPath(new URL("../../../apps/web/demo", import.meta.url));
const [rounds = "5", chosen = "fibre,home,mobile"] = process.argv.slice(2);

const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
// nginx's worker may be somebody else.
await chmod(dir, 0o755);
await cp(demo, dir, { recursive: true });
const names = (await readdir(demo)).filter((name) => name.endsWith(".jpg"));
const [server, nginx] = [await startStoreServer("disk"), await startNginx(dir)];

/** From the first address in the page to the last picture that is there. */
async function load(profile: ProfileName, urls: string[]): Promise<number> {
  const line = openLine(profiles[profile]);
  const ports = [...new Set(urls.map((url) => Number(new URL(url).port)))];
  const rules = await Promise.all(
    ports.map(async (port) => `MAP 127.0.0.1:${port} 127.0.0.1:${await line.to(port)}`),
  );
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", `--host-resolver-rules=${rules.join(",")}`],
  });
  try {
    const page = await browser.newPage();
    return await page.evaluate(async (all) => {
      const startedAt = performance.now();
      const pictures = all.map((url) => {
        const picture = new Image();
        picture.src = url;
        return picture.decode();
      });
      await Promise.all(pictures);
      return performance.now() - startedAt;
    }, urls);
  } finally {
    await browser.close();
    await line.close();
  }
}

try {
  const client = createFermata({ url: server.url, token: server.token });
  const [ours, theirs]: [string[], string[]] = [[], []];
  for (let index = 0; index < pictureCount; index++) {
    const name = names[index % names.length] ?? "";
    const file = new File([await readFile(join(dir, name))], name, { type: "image/jpeg" });
    const { key, publicUrl } = await client.media.upload(file, { visibility: "public" });
    // Its copies are made, and the machine is at rest.
    while (
      (await client.trpc.storage.getMetadata.query({ key }))?.processing?.state === "processing"
    )
      await new Promise((resolve) => setTimeout(resolve, 200));
    ours.push(publicUrl ?? "");
    // Each its own address, as ours.
    theirs.push(`${nginx.url}/${name}?${index}`);
  }
  const rows: string[][] = [];
  for (const profile of chosen.split(",") as ProfileName[]) {
    const times = { ours: [] as number[], nginx: [] as number[] };
    for (let round = 0; round < Number(rounds); round++) {
      const turns = [
        async () => times.ours.push(await load(profile, ours)),
        async () => times.nginx.push(await load(profile, theirs)),
      ];
      for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
    }
    const ratios = times.ours.map((ms, round) => ms / (times.nginx[round] ?? Number.NaN));
    rows.push([
      profile,
      spread(times.ours),
      spread(times.nginx),
      `${spread(ratios, 2)}, target 1.2`,
    ]);
  }
  console.log(`\n${pictureCount} pictures, cold, ${rounds} rounds: median (least to most), ms\n`);
  console.log(table(["line", "fermata", "nginx", "ratio"], rows));
} finally {
  await Promise.all([nginx.stop(), server.close()]);
  await rm(dir, { recursive: true, force: true });
}
