// Call set-up: from the click to the first frame of the other side, between two pages of Chromium, beside PeerJS on its
// own server. `npx pnpm@12.21.0 --filter @fermata/bench run calls-setup`
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@fermata/embedded/postgres";
import { chromium, type Page } from "playwright-core";
import { startLine } from "../line";
import { startServer } from "../servers";
import { postmasterPid } from "../signaling/process-usage";
import { median, spread, table } from "../statistics";
import { childPid, cpuOfTrees, spentMs } from "./cpu-of-trees";
import type { CallResult, FermataSeat, PeerJsSeat } from "./page-script";
import { servePage } from "./serve-page";
import { startCoturn } from "./start-coturn";

const rounds = Number(process.argv[2] ?? 21);
/** With `--steps`, what happened when. */
const showsSteps = process.argv.includes("--steps");
/** With `--cpu`, what a call takes of it. Counting takes some as well: the times by the clock are those of a run without. */
const countsCpu = process.argv.includes("--cpu");
/** With `--only=direct`, nothing but that way. */
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice(7);
const admin = { email: "maja@example.com", password: "a sentence that nobody guesses" };
/** Whoever waits has done so for a while when the other one clicks. */
const waitingMs = 1_000;
/** No call takes as long. */
const patienceMs = 30_000;
/** There and back, of the line that a part of the calls is made over. */
const lineMs = 40;
const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const dir = await mkdtemp(join(tmpdir(), "fermata-bench-calls-"));
const [relay, page, postgres] = await Promise.all([
  startCoturn(),
  servePage("page-script.ts"),
  startPostgres({ dataDir: join(dir, "postgres"), database: "fermata" }),
]);
const stunUrl = relay.url.replace("turn:", "stun:").replace(/\?.*/, "");
const fermata = await startServer([fromHere("../../../apps/web/dist/serve.js")], {
  FERMATA_DATA: join(dir, "data"),
  DATABASE_URL: postgres.url,
  FERMATA_ADMIN_EMAIL: admin.email,
  FERMATA_ADMIN_PASSWORD: admin.password,
  FERMATA_ALLOWED_ORIGINS: page.origin,
  COTURN_URLS: relay.url,
  COTURN_SECRET: relay.secret,
  STUN_URLS: stunUrl,
});
const peerServer = await startServer(
  ["--import", "tsx", fromHere("../signaling/peer-server-relay.ts")],
  {},
);
const [fermataLine, peerLine] = await Promise.all([
  startLine(fermata.url, lineMs),
  startLine(peerServer.url, lineMs),
]);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
  ],
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

const { token: owner } = await post("auth.createToken", admin);

const counted = countsCpu
  ? { browser: childPid("chromium"), postgres: await postmasterPid(join(dir, "postgres")) }
  : null;
type Cpu = Record<"browser" | "server" | "PostgreSQL", number[]>;
let cpu: Cpu | null = null;

/** Counts what the browser, this server and the database take from the click to the first frame. */
async function counting<T>(server: { pid: number }, call: () => Promise<T>): Promise<T> {
  if (!counted) return call();
  const roots = [counted.browser, server.pid, counted.postgres];
  const before = cpuOfTrees(roots);
  const result = await call();
  const after = cpuOfTrees(roots);
  const spent = after.map((times, index) => spentMs(before[index] ?? new Map(), times));
  for (const [index, who] of (["browser", "server", "PostgreSQL"] as const).entries()) {
    cpu?.[who].push(spent[index] ?? 0);
  }
  return result;
}

type Steps = Map<string, number[]>;
let steps: Steps | null = null;

/** What happened in both pages of a call, in milliseconds from the click. */
async function keepSteps(...pages: Page[]): Promise<void> {
  const [caller = {}, callee = {}] = await Promise.all(
    pages.map((opened) => opened.evaluate(() => window.bench.readMarks())),
  );
  const clickedAt = caller.click ?? Number.NaN;
  for (const [who, marks] of Object.entries({ caller, callee })) {
    for (const [name, at] of Object.entries(marks)) {
      // What the other page did before the click is not a part of the call.
      if (at < clickedAt) continue;
      const step = `${who}: ${name}`;
      steps?.set(step, [...(steps.get(step) ?? []), at - clickedAt]);
    }
  }
}

function tableOfSteps(kept: Steps): string {
  const rows = [...kept].sort(([, a], [, b]) => median(a) - median(b));
  return table(
    ["step", "ms from the click", "calls"],
    rows.map(([step, times]) => [step, spread(times), String(times.length)]),
  );
}

/** Which call is being made, for whoever asks why it does not come about. */
let current = "";

/** Fails after half a minute, and tells what each page had come to by then. */
async function orTell<T>(opened: Page[], call: Promise<T>): Promise<T> {
  const abandoned = new AbortController();
  const late = wait(patienceMs, null, { signal: abandoned.signal }).then(async () => {
    const marks = await Promise.all(
      opened.map((each) =>
        Promise.race([
          each.evaluate(() => window.bench.readMarks()),
          wait(2_000, "the page does not answer"),
        ]),
      ),
    );
    throw new Error(`${current}: no call. ${JSON.stringify(marks, null, 2)}`);
  });
  return Promise.race([call, late]).finally(() => abandoned.abort());
}

/** Two fresh pages whose cameras are on. */
async function withPages<T>(use: (caller: Page, callee: Page) => Promise<T>): Promise<T> {
  const contexts = await Promise.all([browser.newContext(), browser.newContext()]);
  const opened: Page[] = [];
  const run = async () => {
    await Promise.all(
      contexts.map(async (context, index) => {
        const each = await context.newPage();
        opened[index] = each;
        await each.goto(page.origin);
        await each.evaluate(() => window.bench.prepare());
      }),
    );
    const [caller, callee] = opened;
    if (!caller || !callee) throw new Error("no pages");
    const result = await use(caller, callee);
    if (showsSteps) await keepSteps(caller, callee);
    return result;
  };
  try {
    return await orTell(opened, run());
  } finally {
    await Promise.all(contexts.map((context) => context.close()));
  }
}

interface Way {
  policy: RTCIceTransportPolicy;
  isFar?: boolean;
}

async function callWithFermata(
  { policy, isFar }: Way,
  { fromLobby = false } = {},
): Promise<CallResult> {
  const { roomId = "", inviteToken = "" } = await post("signaling.createRoom", {}, owner);
  const seat = (displayName: string): FermataSeat => ({
    url: isFar ? fermataLine.url : fermata.url,
    roomId,
    inviteToken,
    displayName,
    policy,
  });
  return withPages(async (caller, callee) => {
    await callee.evaluate((given) => window.bench.waitWithFermata(given), seat("Ben"));
    if (fromLobby) {
      await caller.evaluate((given) => window.bench.openLobby(given), seat("Ada"));
    }
    await wait(waitingMs);
    return counting(fermata, () =>
      caller.evaluate((given) => window.bench.callWithFermata(given), seat("Ada")),
    );
  });
}

function iceServers(): RTCIceServer[] {
  return [{ urls: stunUrl }, { urls: relay.url, ...relay.credentials() }];
}

let ids = 0;
async function callWithPeerJs({ policy, isFar }: Way): Promise<CallResult> {
  const { hostname, port } = new URL(isFar ? peerLine.url : peerServer.url);
  const seat = (id: string): PeerJsSeat => ({
    host: hostname,
    port: Number(port),
    id,
    iceServers: iceServers(),
    policy,
  });
  const [ada, ben] = [`p${++ids}`, `p${++ids}`];
  return withPages(async (caller, callee) => {
    await callee.evaluate((given) => window.bench.waitWithPeerJs(given), seat(ben));
    await wait(waitingMs);
    return counting(peerServer, () =>
      caller.evaluate(([given, other]) => window.bench.callWithPeerJs(given, other), [
        seat(ada),
        ben,
      ] as const),
    );
  });
}

/** Two connections in one page that hand each other what they have to say: the browser's own share of a call. */
async function callOnFloor({ policy }: Way): Promise<CallResult> {
  return withPages(async (caller) => {
    await caller.evaluate((given) => window.bench.openFloor(given), {
      iceServers: iceServers(),
      policy,
    });
    await wait(waitingMs);
    return counting(peerServer, () => caller.evaluate(() => window.bench.callOnFloor()));
  });
}

const contestants = {
  Fermata: callWithFermata,
  "Fermata from the lobby": (way: Way) => callWithFermata(way, { fromLobby: true }),
  PeerJS: callWithPeerJs,
  "no signaling": callOnFloor,
};
type Name = keyof typeof contestants;
const names = Object.keys(contestants) as Name[];
const ways: Record<string, Way & { targets: Partial<Record<Name, number>> }> = {
  "through coturn": { policy: "relay", targets: { "Fermata from the lobby": 0.75 } },
  direct: { policy: "all", targets: { Fermata: 0.9, "Fermata from the lobby": 0.6 } },
  [`direct, servers ${lineMs} ms away`]: {
    policy: "all",
    isFar: true,
    targets: { Fermata: 0.8, "Fermata from the lobby": 0.8 },
  },
};

try {
  const rows: string[][] = [];
  for (const [title, { targets, ...way }] of Object.entries(ways)) {
    if (only !== undefined && title !== only) continue;
    const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
      Name,
      number[]
    >;
    const stepsOf = new Map<Name, Steps>(names.map((name) => [name, new Map()]));
    const cpuOf = new Map<Name, Cpu>(
      names.map((name) => [name, { browser: [], server: [], PostgreSQL: [] }]),
    );
    // The first round warms all up and is not counted; then they take turns in going first.
    for (let round = 0; round <= rounds; round++) {
      const first = round % names.length;
      for (const name of [...names.slice(first), ...names.slice(0, first)]) {
        steps = round > 0 ? (stepsOf.get(name) ?? null) : null;
        cpu = round > 0 ? (cpuOf.get(name) ?? null) : null;
        current = `${name}, ${title}, round ${round}`;
        const { setupMs, isRelayed } = await contestants[name](way);
        if (isRelayed !== (way.policy === "relay")) throw new Error(`${name} took another path`);
        if (round > 0) times[name].push(setupMs);
      }
    }
    if (showsSteps) {
      for (const [name, kept] of stepsOf) {
        process.stdout.write(`${name}, ${title}\n\n${tableOfSteps(kept)}\n\n`);
      }
    }
    if (countsCpu) {
      const spent = [...cpuOf].map(([name, { browser, server, PostgreSQL }]) => [
        name,
        ...[browser, server, PostgreSQL].map(spread),
      ]);
      process.stdout.write(
        `CPU of a call in ms, ${title}\n\n${table(["", "browser", "server", "PostgreSQL"], spent)}\n\n`,
      );
    }
    for (const name of names) {
      const ratio = median(times[name]) / median(times.PeerJS);
      const target = targets[name];
      const verdict =
        target === undefined ? "" : `, target ${target}: ${ratio <= target ? "met" : "missed"}`;
      const shown = name === "PeerJS" ? "" : `**${ratio.toFixed(2)}**${verdict}`;
      rows.push([title, name, spread(times[name]), shown]);
    }
  }
  process.stdout.write(`${rounds} rounds each, interleaved; click to first remote frame, ms\n\n`);
  process.stdout.write(`${table(["", "", "ms", "to PeerJS"], rows)}\n`);
} finally {
  await browser.close();
  await Promise.all([fermataLine.stop(), peerLine.stop()]);
  await Promise.all([fermata.stop(), peerServer.stop(), relay.stop(), page.stop()]);
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}
