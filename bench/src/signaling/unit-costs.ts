// What each step of a call costs the server and PostgreSQL, and what a row weighs: the units that docs/scale.md counts in.
import pg from "pg";
import { spread, table } from "../statistics";
import { startFermata } from "./fermata";
import { cpuMs, postgresCpuMs } from "./process-usage";

const rounds = Number(process.argv[2] ?? 5);
const roomsPerRound = 200;
const sendsPerPeer = 10;
const atOnce = 10;

const server = await startFermata();
const database = new pg.Client({ connectionString: server.databaseUrl });
await database.connect();

const costs = new Map<string, { server: number[]; postgres: number[] }>();
let isWarm = false;

async function measure<Item, Result>(
  step: string,
  items: Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const [serverMs, postgresMs] = [await cpuMs(server.pid), await postgresCpuMs(server.postgresPid)];
  for (let from = 0; from < items.length; from += atOnce) {
    results.push(...(await Promise.all(items.slice(from, from + atOnce).map(work))));
  }
  if (isWarm) {
    const cost = costs.get(step) ?? { server: [], postgres: [] };
    cost.server.push(((await cpuMs(server.pid)) - serverMs) / items.length);
    cost.postgres.push(((await postgresCpuMs(server.postgresPid)) - postgresMs) / items.length);
    costs.set(step, cost);
  }
  return results;
}

async function bytesPerRow(name: string): Promise<number> {
  await database.query(`VACUUM FULL "${name}"`);
  const { rows } = await database.query(
    `SELECT pg_total_relation_size('"${name}"') / greatest(count(*), 1) AS bytes FROM "${name}"`,
  );
  return Number(rows[0]?.bytes);
}

const { call, owner } = server;
const payload = "x".repeat(256);
try {
  for (let round = -1; round < rounds; round++) {
    isWarm = round >= 0;
    const rooms = await measure("create a room", Array(roomsPerRound).fill(0), () =>
      call("signaling.createRoom", {}, owner),
    );
    const seats = await measure("join", [...rooms, ...rooms], async (room) => {
      const { roomId = "", inviteToken } = room;
      const seat = await call("signaling.join", { roomId, inviteToken, displayName: "Ada" });
      return { roomId, token: seat.roomToken ?? "" };
    });
    const streams = await measure("open a stream", seats, (seat) => server.openStream(seat));
    const sends = Array.from({ length: sendsPerPeer }, () => seats).flat();
    await measure("send, and deliver to one", sends, ({ roomId, token }) =>
      call("signaling.send", { roomId, messages: [{ kind: "note", payload }] }, token),
    );
    for (const stream of streams) stream.close();
    await measure("leave", seats, ({ roomId, token }) =>
      call("signaling.leave", { roomId }, token),
    );
    await measure("close a room", rooms, ({ roomId }) =>
      call("signaling.closeRoom", { roomId }, owner),
    );
  }
  const weights: number[] = [];
  for (const name of ["Room", "Peer", "Message"]) weights.push(await bytesPerRow(name));
  console.log(
    `\n${rounds} rounds of ${roomsPerRound} rooms for two, ${atOnce} calls at once: CPU in ms each, median (least to most). The load client is a process of its own.\n`,
  );
  console.log(
    table(
      ["step", "server", "PostgreSQL"],
      [...costs].map(([step, cost]) => [step, spread(cost.server, 2), spread(cost.postgres, 2)]),
    ),
  );
  console.log(
    `\nOn disk with its indexes, packed: a room ${weights[0]} bytes, a peer ${weights[1]}, a message of 256 bytes ${weights[2]}.`,
  );
} finally {
  await database.end();
  await server.stop();
}
