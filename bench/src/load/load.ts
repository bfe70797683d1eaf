// The load that a server can carry, three times that load, and the time after it.
// `load [seconds] [users]`: users write and read as people with the console open do, each on a connection of its own.
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFermata } from "../files/fermata-server";
import { table } from "../statistics";

const seconds = Number(process.argv[2] ?? 20);
const manyUsers = Number(process.argv[3] ?? 300);
/** Enough to keep the server busy, and few enough that nobody is refused. */
const fewUsers = 48;

interface Outcome {
  useful: number;
  refused: number;
  /** Refusals that do not say when to come back, and answers of no other kind that is meant. */
  failed: number;
  latenciesMs: number[];
}

const dir = await mkdtemp(join(tmpdir(), "fermata-load-"));
const server = await startFermata(join(dir, "fermata"));
const { hostname, port } = new URL(server.url);
const token = server.token();

/** One page's worth of calls, most of them reads. */
function nextCall(turn: number) {
  const input = (value: object) => encodeURIComponent(JSON.stringify(value));
  if (turn % 8 === 0) return { method: "POST", path: "files.generateUploadUrl", body: "{}" };
  if (turn % 4 === 1) return { method: "GET", path: `storage.list?input=${input({ limit: 20 })}` };
  if (turn % 4 === 2) return { method: "GET", path: `files.list?input=${input({ limit: 20 })}` };
  return { method: "GET", path: "auth.me" };
}

function send(agent: Agent, turn: number): Promise<{ status: number; retryAfter: string }> {
  const { method, path, body } = nextCall(turn);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        agent,
        hostname,
        port,
        method,
        path: `/api/trpc/${path}`,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body && { "content-type": "application/json", "content-length": body.length }),
        },
      },
      (answer) => {
        answer.resume();
        answer.on("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            retryAfter: String(answer.headers["retry-after"] ?? ""),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** @param obedient whether a user waits as long as a refusal asks for */
async function drive(options: {
  users: number;
  seconds: number;
  obedient: boolean;
}): Promise<Outcome> {
  const outcome: Outcome = { useful: 0, refused: 0, failed: 0, latenciesMs: [] };
  const until = performance.now() + options.seconds * 1000;
  await Promise.all(
    Array.from({ length: options.users }, async (_, user) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let turn = user; performance.now() < until; turn++) {
        const began = performance.now();
        const { status, retryAfter } = await send(agent, turn).catch(() => ({
          status: 0,
          retryAfter: "",
        }));
        const tookMs = performance.now() - began;
        if (status === 200) {
          outcome.useful++;
          outcome.latenciesMs.push(tookMs);
        } else if (status === 503 && Number(retryAfter) > 0) {
          outcome.refused++;
          // Who does not obey comes back within a tenth of a second.
          const pauseMs = options.obedient ? Number(retryAfter) * 1000 : 100;
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
        } else {
          outcome.failed++;
        }
      }
      agent.destroy();
    }),
  );
  return outcome;
}

async function residentMiB(): Promise<number> {
  const [, pages = "0"] = (await readFile(`/proc/${server.pid}/statm`, "utf8")).split(" ");
  const pageBytes = Number(execFileSync("getconf", ["PAGESIZE"], { encoding: "utf8" }));
  return (Number(pages) * pageBytes) / 1024 ** 2;
}

const percentile = (values: number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;

const phases = [
  { name: "warm-up", users: fewUsers, seconds: 5, obedient: true },
  { name: "capacity", users: fewUsers, seconds, obedient: true },
  { name: "overload, clients that obey", users: manyUsers, seconds, obedient: true },
  { name: "overload, clients that do not", users: manyUsers, seconds, obedient: false },
  { name: "the first 5 s after it", users: fewUsers, seconds: 5, obedient: true },
  { name: "capacity again", users: fewUsers, seconds, obedient: true },
];
const rows: string[][] = [];
let capacity = Number.NaN;
for (const phase of phases) {
  const outcome = await drive(phase);
  const perSecond = outcome.useful / phase.seconds;
  if (phase.name === "capacity") capacity = perSecond;
  const asked = outcome.useful + outcome.refused + outcome.failed;
  rows.push([
    phase.name,
    String(phase.users),
    perSecond.toFixed(0),
    (perSecond / capacity).toFixed(2),
    (asked / phase.seconds).toFixed(0),
    String(outcome.refused),
    String(outcome.failed),
    `${percentile(outcome.latenciesMs, 0.5).toFixed(0)} / ${percentile(outcome.latenciesMs, 0.99).toFixed(0)}`,
    (await residentMiB()).toFixed(0),
  ]);
}
await server.stop();
await rm(dir, { recursive: true, force: true });
console.log(
  table(
    [
      "phase",
      "users",
      "useful/s",
      "of capacity",
      "asked/s",
      "refused",
      "failed",
      "p50 / p99, ms",
      "RSS, MiB",
    ],
    rows,
  ),
);
