import { Agent, request } from "node:http";

export interface Answered {
  /** 0 where none came. */
  status: number;
  /** Null where a refusal did not say when to come back. */
  retryAfterSeconds: number | null;
  body: Buffer;
  tookMs: number;
}

/** One user's own connection, as one browser holds. */
export class Caller {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(
    readonly url: string,
    readonly token: string,
  ) {}

  query(path: string, input?: object): Promise<Answered> {
    const search = input ? `?input=${encodeURIComponent(JSON.stringify(input))}` : "";
    return this.send("GET", `${this.url}/api/trpc/${path}${search}`);
  }

  mutate(path: string, input: object): Promise<Answered> {
    const body = Buffer.from(JSON.stringify(input));
    return this.send("POST", `${this.url}/api/trpc/${path}`, body, "application/json");
  }

  send(method: "GET" | "POST", url: string, body?: Buffer, type = ""): Promise<Answered> {
    const began = performance.now();
    const answered = (status: number, chunks: Buffer[] = [], retryAfter?: string): Answered => ({
      status,
      retryAfterSeconds: retryAfter === undefined ? null : Number(retryAfter),
      body: Buffer.concat(chunks),
      tookMs: performance.now() - began,
    });
    return new Promise((resolve) => {
      const outgoing = request(
        url,
        {
          agent: this.#agent,
          method,
          headers: {
            authorization: `Bearer ${this.token}`,
            ...(body && { "content-type": type, "content-length": body.length }),
          },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("end", () =>
            resolve(answered(answer.statusCode ?? 0, chunks, answer.headers["retry-after"])),
          );
          answer.on("error", () => resolve(answered(0)));
        },
      );
      outgoing.on("error", (error: NodeJS.ErrnoException) => {
        // The server let go of an idle connection as this was sent: browsers send again, too.
        const isStale = outgoing.reusedSocket && error.code === "ECONNRESET";
        resolve(isStale ? this.send(method, url, body, type) : answered(0));
      });
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
