import type { Client, Contestant } from "./contestant";
import { cpuMs, postgresCpuMs } from "./process-usage";

export const messageBytes = 256;
export const volleySeconds = 3;

/** A message of 256 bytes that says which one it is. */
export const textOf = (number: number) => `${number}:`.padEnd(messageBytes, "x");
export const numberOf = (text: string) => Number.parseInt(text, 10);

/** Every room has one ball in play. What comes out of turn is lost or doubled. */
export async function measureVolley(contestant: Contestant, pairs: [Client, Client][]) {
  let delivered = 0;
  let outOfTurn = 0;
  let isOver = false;
  let inPlay = 0;
  const [server, postgres, client] = await usage(contestant);
  const begunAt = performance.now();
  await new Promise<void>((resolve) => {
    for (const [ada, ben] of pairs) {
      let next = 0;
      inPlay++;
      const play = (from: Client, text: string) => {
        if (numberOf(text) !== next) outOfTurn++;
        delivered++;
        next++;
        if (!isOver) from.send(textOf(next));
        else if (--inPlay === 0) resolve();
      };
      ada.onText = (text) => play(ada, text);
      ben.onText = (text) => play(ben, text);
      ada.send(textOf(0));
    }
    setTimeout(() => {
      isOver = true;
      // Whatever is not back by then is lost.
      setTimeout(resolve, 5_000).unref();
    }, volleySeconds * 1000);
  });
  const seconds = (performance.now() - begunAt) / 1000;
  const [serverAfter, postgresAfter, clientAfter] = await usage(contestant);
  return {
    perSecond: delivered / seconds,
    serverMs: (serverAfter - server) / delivered,
    postgresMs: (postgresAfter - postgres) / delivered,
    clientMs: (clientAfter - client) / delivered,
    lost: inPlay + outOfTurn,
  };
}

async function usage({ pid, postgresPid }: Contestant): Promise<[number, number, number]> {
  const { user, system } = process.cpuUsage();
  return [await cpuMs(pid), await postgresCpuMs(postgresPid), (user + system) / 1000];
}
