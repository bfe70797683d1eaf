// 256-byte messages between two clients, and in a hundred rooms at once: Fermata, npm `peer` and a socket.io relay, which
// keep nothing, and the least that keeps them.
import { median, spread, table } from "../statistics";
import { startBareLog } from "./bare";
import type { Client } from "./contestant";
import { startFermata } from "./fermata";
import { startPeerServer } from "./peer-server";
import { startSocketIo } from "./socket-io";
import { measureVolley, messageBytes, numberOf, textOf, volleySeconds } from "./volley";

const rounds = Number(process.argv[2] ?? 7);
const nodeOptions = process.argv.slice(3);
const oneWayMessages = 1_000;
const rooms = 100;

/** One message after the other has arrived. */
async function measureOneWay([ada, ben]: [Client, Client]): Promise<{ p50: number; p99: number }> {
  const times: number[] = [];
  // The first few open connections again that were idle for long.
  for (let number = -20; number < oneWayMessages; number++) {
    const begunAt = performance.now();
    await new Promise<void>((resolve) => {
      ben.onText = (text) => {
        if (numberOf(text) === number) resolve();
      };
      ada.send(textOf(number));
    });
    if (number >= 0) times.push(performance.now() - begunAt);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

const contestants = [
  await startFermata(nodeOptions),
  await startBareLog(),
  await startPeerServer(),
  await startSocketIo(),
];
const results = contestants.map(() => ({
  p50: [] as number[],
  p99: [] as number[],
  perSecond: [] as number[],
  serverMs: [] as number[],
  postgresMs: [] as number[],
  clientMs: [] as number[],
  lost: 0,
}));
try {
  const tables: [Client, Client][][] = [];
  for (const contestant of contestants) {
    const pairs: [Client, Client][] = [];
    while (pairs.length < rooms) pairs.push(await contestant.openPair());
    tables.push(pairs);
  }
  // One round unmeasured: the first messages pay for compiling.
  for (let round = -1; round < rounds; round++) {
    for (const [index, contestant] of contestants.entries()) {
      const [pairs, result] = [tables[index] ?? [], results[index]];
      const [pair] = pairs;
      if (!pair || !result) continue;
      const oneWay = await measureOneWay(pair);
      const { lost, ...volley } = await measureVolley(contestant, pairs);
      result.lost += lost;
      if (round < 0) continue;
      result.p50.push(oneWay.p50);
      result.p99.push(oneWay.p99);
      result.perSecond.push(volley.perSecond);
      result.serverMs.push(volley.serverMs);
      result.postgresMs.push(volley.postgresMs);
      result.clientMs.push(volley.clientMs);
    }
  }
  for (const client of tables.flat(2)) client.close();
} finally {
  await Promise.all(contestants.map((contestant) => contestant.stop()));
}

console.log(
  `\n${rounds} rounds, interleaved: median (least to most). One way: ${oneWayMessages} messages of ${messageBytes} bytes, one after the other. Rooms: ${rooms} at once, ${volleySeconds} s. CPU in ms a message; the load client is a process of its own.\n`,
);
console.log(
  table(
    [
      "server",
      "one way p50, ms",
      "p99, ms",
      "messages/s",
      "server CPU",
      "PostgreSQL CPU",
      "client CPU",
      "lost",
    ],
    contestants.map(({ name }, index) => {
      const result = results[index];
      if (!result) return [name];
      return [
        name,
        spread(result.p50, 2),
        spread(result.p99, 2),
        spread(result.perSecond),
        spread(result.serverMs, 2),
        spread(result.postgresMs, 2),
        spread(result.clientMs, 2),
        String(result.lost),
      ];
    }),
  ),
);
const [ours, bare] = results;
if (ours && bare) {
  const share = (a: number[], b: number[]) => (median(a) / median(b)).toFixed(2);
  console.log(
    `\nOf the bare one: p50 ${share(ours.p50, bare.p50)}, messages/s ${share(ours.perSecond, bare.perSecond)}`,
  );
  console.log(
    `\np50 ${median(ours.p50).toFixed(2)} ms (target 0.65), ${median(ours.perSecond).toFixed(0)} messages/s (target 3,000), ${median(ours.serverMs).toFixed(2)} ms of server CPU a message (target 0.35)`,
  );
}
