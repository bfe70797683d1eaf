// Messages through the server between two pages over a line of 40 ms: one alone, a burst of ten, forty a second; beside
// socket.io. `npx pnpm@12.21.0 --filter @fermata/bench run calls-talk`
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@fermata/embedded/postgres";
import { chromium, type Page } from "playwright-core";
import { startLine } from "../line";
import { startServer } from "../servers";
import { median, spread, table } from "../statistics";
import { servePage } from "./serve-page";

const rounds = Number(process.argv[2] ?? 15);
const lineMs = 40;
const target = 1.2;
const admin = { email: "maja@example.com", password: "a sentence that nobody guesses" };
const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const dir = await mkdtemp(join(tmpdir(), "fermata-bench-talk-"));
const [page, postgres] = await Promise.all([
  servePage("talk-script.ts"),
  startPostgres({ dataDir: join(dir, "postgres"), database: "fermata" }),
]);
const fermata = await startServer([fromHere("../../../apps/web/dist/serve.js")], {
  FERMATA_DATA: join(dir, "data"),
  DATABASE_URL: postgres.url,
  FERMATA_ADMIN_EMAIL: admin.email,
  FERMATA_ADMIN_PASSWORD: admin.password,
  FERMATA_ALLOWED_ORIGINS: page.origin,
});
const relay = await startServer(
  ["--import", "tsx", fromHere("../signaling/socket-io-relay.ts")],
  {},
);
const [fermataLine, relayLine] = await Promise.all([
  startLine(fermata.url, lineMs),
  startLine(relay.url, lineMs),
]);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});

async function post(path: string, input: unknown, token?: string): Promise<Record<string, string>> {
  const answer = await fetch(`${fermata.url}/api/trpc/${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(input),
  });
  const body = (await answer.json()) as { result?: { data: Record<string, string> } };
  if (!body.result) throw new Error(JSON.stringify(body));
  return body.result.data;
}

type Pair = [Page, Page];

async function openPair(join: (page: Page, name: string) => Promise<void>): Promise<Pair> {
  const contexts = [await browser.newContext(), await browser.newContext()];
  const pages = await Promise.all(contexts.map((context) => context.newPage()));
  for (const [index, opened] of pages.entries()) {
    await opened.goto(page.origin);
    await join(opened, `Peer ${index}`);
  }
  return pages as Pair;
}

const { token: owner } = await post("auth.createToken", admin);
const { roomId = "", inviteToken = "" } = await post("signaling.createRoom", {}, owner);
const pairs: Record<string, Pair> = {
  Fermata: await openPair((opened, name) =>
    opened.evaluate(([seat, displayName]) => window.talk.joinFermata(seat, displayName), [
      { url: fermataLine.url, roomId, inviteToken },
      name,
    ] as const),
  ),
  "socket.io": await openPair((opened) =>
    opened.evaluate((given) => window.talk.joinSocketIo(given), {
      url: relayLine.url,
      room: "a room",
    }),
  ),
};
// What a call begins with is over.
await wait(3_000);

/** What is said, and what counts of it: the last of a burst from its beginning, each of a series from its own. */
const ways = {
  "one alone": { count: 1, everyMs: 0, isBurst: false },
  "a burst of ten": { count: 10, everyMs: 0, isBurst: true },
  "forty a second": { count: 40, everyMs: 25, isBurst: false },
};

let series = 0;
async function measure([from, to]: Pair, { count, everyMs, isBurst }: (typeof ways)["one alone"]) {
  const name = `series${++series}`;
  const saying = from.evaluate(([given, many, every]) => window.talk.say(given, many, every), [
    name,
    count,
    everyMs,
  ] as const);
  const came = await to.evaluate(([given, many]) => window.talk.hearAll(given, many), [
    name,
    count,
  ] as const);
  const sent = await saying;
  if (isBurst) return Math.max(...Object.values(came)) - Math.min(...Object.values(sent));
  return median(Object.entries(sent).map(([text, at]) => (came[text] ?? Number.NaN) - at));
}

try {
  const rows: string[][] = [];
  for (const [title, way] of Object.entries(ways)) {
    const times: Record<string, number[]> = { Fermata: [], "socket.io": [] };
    for (let round = 0; round <= rounds; round++) {
      const names = Object.keys(pairs);
      for (const name of round % 2 === 0 ? names : names.toReversed()) {
        const pair = pairs[name];
        if (!pair) continue;
        const ms = await measure(pair, way);
        if (round > 0) times[name]?.push(ms);
        await wait(200);
      }
    }
    const [ours = [], theirs = []] = [times.Fermata, times["socket.io"]];
    const ratio = median(ours) / median(theirs);
    const verdict = `**${ratio.toFixed(2)}**, target ${target}: ${ratio <= target ? "met" : "missed"}`;
    rows.push([title, spread(ours), spread(theirs), verdict]);
  }
  process.stdout.write(`${rounds} rounds each, interleaved, over a line of ${lineMs} ms; ms\n\n`);
  process.stdout.write(`${table(["", "Fermata", "socket.io", "ratio"], rows)}\n`);
} finally {
  await browser.close();
  await Promise.all([fermataLine.stop(), relayLine.stop(), page.stop()]);
  await Promise.all([fermata.stop(), relay.stop()]);
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}
