import { type Rpc, type RpcAnswer, rpcFor } from "../setup/rpc";

const longestMs = 15_000;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Something that was asked for and not acknowledged: it may have happened or not. */
export class Unacknowledged extends Error {}

/** Calls one server or the other, as a browser behind a balancer does. */
export class StormClient {
  readonly #servers: [Rpc, Rpc];
  #turn: number;

  constructor(
    urls: readonly [string, string],
    turn: number,
    readonly token?: string,
  ) {
    this.#servers = [rpcFor(urls[0], token), rpcFor(urls[1], token)];
    this.#turn = turn;
  }

  query(path: string, input?: unknown): Promise<RpcAnswer["data"]> {
    return this.#ask((rpc) => rpc.query(path, input));
  }

  mutate(path: string, input?: unknown): Promise<RpcAnswer["data"]> {
    return this.#ask((rpc) => rpc.mutate(path, input));
  }

  /** The same again until it is acknowledged, for what may be said twice. */
  async until<T>(ask: () => Promise<T>, forMs: number): Promise<T> {
    const deadline = Date.now() + forMs;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof Unacknowledged) || Date.now() > deadline) throw error;
        await pause(250);
      }
    }
  }

  async #ask(send: (rpc: Rpc) => Promise<RpcAnswer>): Promise<RpcAnswer["data"]> {
    const rpc = this.#servers[this.#turn++ % 2 === 0 ? 0 : 1];
    const answer = await within(send(rpc));
    if (answer.error) throw new Unacknowledged(`${answer.status} ${answer.error.data.appCode}`);
    return answer.data;
  }
}

/** The answer of a plain request, whole. */
export async function send(url: string, init?: RequestInit): Promise<Buffer> {
  return within(
    (async () => {
      const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(longestMs) });
      const body = Buffer.from(await answer.arrayBuffer());
      if (!answer.ok) throw new Unacknowledged(`${answer.status}`);
      return body;
    })(),
  );
}

export async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unacknowledged("no answer")), longestMs);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    if (error instanceof Unacknowledged) throw error;
    throw new Unacknowledged(String(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
