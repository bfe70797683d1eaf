// How busy a page is while it wakes up: what its main thread takes of the processor, with and without the line by which V8
// compiles scripts while they arrive. `npx pnpm@12.21.0 --filter @fermata/bench run pages-waking`
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { startServer } from "../servers";
import { spread, table } from "../statistics";

const rounds = Number(process.argv[2] ?? 7);
const admin = { email: "maja@example.com", password: "a sentence that nobody guesses" };
/** A phone's core, as Lighthouse computes it, and what it calls a long task there. */
const slowdown = 4;
const longMs = 50;
/** By then nothing of waking up is left. */
const settledMs = 2_500;
const hint = /^\/\/# allFunctionsCalledOnLoad\n/;

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  /** Of the processor, where `dur` is by the clock: what else runs disturbs it little. */
  tdur?: number;
}

/** Passes pages on, and scripts without the line. */
async function startWithout(target: string): Promise<{ url: string; stop(): void }> {
  const server = createServer(async ({ url = "/", headers }, response) => {
    const passed = Object.entries(headers).filter(
      ([name]) => !/^(host|connection|accept-enc)/.test(name),
    );
    const answer = await fetch(target + url, {
      headers: Object.fromEntries(passed) as Record<string, string>,
    });
    const dropped = /^(content-(encoding|length)|transfer-encoding|connection|keep-alive|etag)$/;
    for (const [name, value] of answer.headers)
      if (!dropped.test(name)) response.setHeader(name, value);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const isScript = new URL(url, target).pathname.endsWith(".js");
    response.writeHead(answer.status).end(isScript ? bytes.toString().replace(hint, "") : bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => void server.close().closeAllConnections(),
  };
}

type Session = Awaited<ReturnType<typeof signIn>>;

async function signIn(browser: Browser, url: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("Email").fill(admin.email);
  await page.getByRole("textbox", { name: "Password" }).fill(admin.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Your storage" }).waitFor();
  const session = await context.storageState();
  await context.close();
  return session;
}

/** One load of a browser that has nothing yet but the session. */
async function load(browser: Browser, address: string, storageState: Session) {
  const context = await browser.newContext({
    storageState,
    viewport: { width: 412, height: 823 },
    isMobile: true,
  });
  const page = await context.newPage();
  await browser.startTracing(page, {
    categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"],
  });
  await page.goto(address);
  await page.waitForTimeout(settledMs);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  await context.close();
  const tasks = tasksOfMainThread(traceEvents).map(({ tdur = 0 }) => tdur / 1000);
  const over = tasks.map((ms) => Math.max(0, ms * slowdown - longMs));
  return { longMs: sum(over), allMs: sum(tasks) };
}

/** The thread that runs the most scripts. */
function tasksOfMainThread(events: TraceEvent[]): TraceEvent[] {
  const spent = new Map<string, number>();
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  for (const event of events) {
    if (!/^(EvaluateScript|FunctionCall)$/.test(event.name)) continue;
    spent.set(thread(event), (spent.get(thread(event)) ?? 0) + (event.dur ?? 0));
  }
  const [main] = [...spent].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return events.filter(
    (event) => event.ph === "X" && event.name === "RunTask" && thread(event) === main,
  );
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

const dir = await mkdtemp(join(tmpdir(), "fermata-bench-waking-"));
const serve = fileURLToPath(new URL("../../../apps/web/dist/serve.js", import.meta.url));
const server = await startServer([serve], {
  FERMATA_DATA: dir,
  FERMATA_ADMIN_EMAIL: admin.email,
  FERMATA_ADMIN_PASSWORD: admin.password,
});
const without = await startWithout(server.url);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const session = await signIn(browser, server.url);
  const rows: string[][] = [];
  for (const path of ["/", "/sign-in"]) {
    const ways = [
      { name: "as built", url: server.url, loads: [] as Awaited<ReturnType<typeof load>>[] },
      {
        name: "without the line",
        url: without.url,
        loads: [] as Awaited<ReturnType<typeof load>>[],
      },
    ];
    for (let round = 0; round < rounds; round++)
      for (const way of ways) way.loads.push(await load(browser, way.url + path, session));
    for (const { name, loads } of ways)
      rows.push([
        path,
        name,
        spread(loads.map((one) => one.longMs)),
        spread(loads.map((one) => one.allMs)),
      ]);
  }
  console.log(`${rounds} loads each, in turns; the main thread's time of the processor, ms\n`);
  console.log(
    table(
      [
        "page",
        "",
        `over ${longMs} ms of each task on a core ${slowdown} times slower`,
        "all, on this core",
      ],
      rows,
    ),
  );
} finally {
  await browser.close();
  without.stop();
  await server.stop();
  await rm(dir, { recursive: true, force: true });
}
