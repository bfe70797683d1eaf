// What streams cost that nothing comes through, and how long one message to all of a room takes.
import { spread, table } from "../statistics";
import type { Contestant } from "./contestant";
import { startFermata } from "./fermata";
import { startPeerServer } from "./peer-server";
import { cpuMs, postgresCpuMs, residentKib } from "./process-usage";
import { startSocketIo } from "./socket-io";

const rounds = Number(process.argv[2] ?? 1);
const sizes = (process.argv[3] ?? "1000,5000").split(",").map(Number);
const settleMs = 5_000;
/** Longer than the time between two pings of any contestant. */
const idleMs = 30_000;
const broadcasts = 5;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function measure(start: () => Promise<Contestant>, size: number) {
  const contestant = await start();
  try {
    // What the first connections load and compile is not theirs alone.
    const warmUp = await contestant.openAudience(20);
    for (const client of [warmUp.sender, ...warmUp.readers]) client.close();
    await wait(settleMs);
    const before = await residentKib(contestant.pid);
    const { sender, readers } = await contestant.openAudience(size);
    await wait(settleMs);
    const kib = ((await residentKib(contestant.pid)) - before) / size;

    const { pid, postgresPid } = contestant;
    const [serverMs, postgresMs] = [await cpuMs(pid), await postgresCpuMs(postgresPid)];
    await wait(idleMs);
    const cpuShare = ((await cpuMs(pid)) - serverMs) / idleMs;
    const postgresShare = ((await postgresCpuMs(postgresPid)) - postgresMs) / idleMs;

    const times: number[] = [];
    for (let number = 0; number < broadcasts; number++) {
      const begunAt = performance.now();
      await new Promise<void>((resolve) => {
        let missing = readers.length;
        for (const reader of readers) {
          reader.onText = () => {
            if (--missing === 0) resolve();
          };
        }
        sender.send("x".repeat(256));
      });
      times.push((performance.now() - begunAt) / 1000);
      await wait(200);
    }
    for (const client of [sender, ...readers]) client.close();
    return { kib, cpuShare, postgresShare, times };
  } finally {
    await contestant.stop();
  }
}

const contestants = {
  Fermata: startFermata,
  PeerServer: startPeerServer,
  "socket.io relay": startSocketIo,
};
const rows: string[][] = [];
for (const size of sizes) {
  const results = new Map(
    Object.keys(contestants).map((name) => [
      name,
      {
        kib: [] as number[],
        cpu: [] as number[],
        postgres: [] as number[],
        broadcast: [] as number[],
      },
    ]),
  );
  for (let round = 0; round < rounds; round++) {
    for (const [name, start] of Object.entries(contestants)) {
      const { kib, cpuShare, postgresShare, times } = await measure(() => start(), size);
      const result = results.get(name);
      result?.kib.push(kib);
      result?.cpu.push(cpuShare * 100);
      result?.postgres.push(postgresShare * 100);
      result?.broadcast.push(...times);
    }
  }
  for (const [name, { kib, cpu, postgres, broadcast }] of results) {
    rows.push([
      size.toLocaleString("en-US"),
      name,
      spread(kib, 1),
      spread(cpu, 2),
      spread(postgres, 2),
      spread(broadcast, 3),
    ]);
  }
}
console.log(
  `\n${rounds} rounds, each server fresh: median (least to most). KiB of resident memory; CPU of one core while idle for ${idleMs / 1000} s; ${broadcasts} broadcasts a round of 256 bytes, until the last reader has it. PeerServer sends to one at a time: its sender sends as many messages.\n`,
);
console.log(
  table(["streams", "server", "KiB each", "CPU, %", "PostgreSQL CPU, %", "broadcast, s"], rows),
);
