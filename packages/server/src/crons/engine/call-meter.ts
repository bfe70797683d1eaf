import { z } from "zod";
import type { Services } from "../../context";
import { recordCalls } from "./engine-record";

const FLUSH_MS = 5_000;

const callSchema = z.object({
  ctx: z.object({
    attempt: z.number(),
    stack: z.object({ stack: z.array(z.unknown()) }).optional(),
  }),
});
const opsSchema = z.array(z.object({ op: z.string() }));

/** Counts what an engine's calls cost, runs plus steps, and writes it down now and then. */
export class CallMeter {
  #executions = 0;
  #lastCalledAt: Date | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ctx: Pick<Services, "db" | "clock" | "log">,
    private readonly appId: string,
  ) {}

  /** Around a handler: what it answers is not changed. */
  async measure(
    request: Request,
    handle: (request: Request) => Promise<Response>,
  ): Promise<Response> {
    if (request.method !== "POST") return handle(request);
    const body = await request.text();
    const response = await handle(
      new Request(request.url, { method: "POST", headers: request.headers, body }),
    );
    if (response.status === 401) return response;
    this.#executions += isBeginning(body) ? 1 : 0;
    if (response.status === 206) this.#executions += countSteps(await response.clone().text());
    this.#lastCalledAt = this.ctx.clock.now();
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
    return response;
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [executions, at] = [this.#executions, this.#lastCalledAt];
    if (!at) return;
    this.#executions = 0;
    this.#lastCalledAt = null;
    try {
      await recordCalls(this.ctx, { appId: this.appId, executions, at });
    } catch (err) {
      this.#executions += executions;
      this.#lastCalledAt ??= at;
      this.ctx.log.debug({ err }, "the engine's calls could not be written down yet");
    }
  }
}

/** Further attempts and further calls of a run are not billed. */
function isBeginning(body: string): boolean {
  const call = callSchema.safeParse(readJson(body)).data?.ctx;
  return call !== undefined && call.attempt === 0 && (call.stack?.stack.length ?? 0) === 0;
}

function countSteps(answer: string): number {
  const ops = opsSchema.safeParse([readJson(answer)].flat()).data ?? [];
  return ops.filter(({ op }) => op === "StepRun").length;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
