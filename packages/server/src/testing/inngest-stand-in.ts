import { createHash, createHmac } from "node:crypto";
import { Cron } from "croner";
import { z } from "zod";

const registrationSchema = z.object({
  url: z.url(),
  appName: z.string(),
  functions: z.array(
    z.object({
      id: z.string(),
      triggers: z.array(z.object({ cron: z.string().optional(), event: z.string().optional() })),
      steps: z.object({
        step: z.object({ retries: z.object({ attempts: z.number() }).optional() }),
      }),
      batchEvents: z
        .object({ maxSize: z.number(), timeout: z.string(), key: z.string().optional() })
        .optional(),
    }),
  ),
});
type Registration = z.infer<typeof registrationSchema>;
type Fn = Registration["functions"][number];

const eventSchema = z.object({
  id: z.string().optional(),
  name: z.string(),
  ts: z.number().optional(),
  data: z.record(z.string(), z.unknown()).default({}),
});
interface StandInEvent {
  id: string;
  name: string;
  ts: number;
  data: Record<string, unknown>;
}

const opSchema = z.object({
  id: z.string(),
  op: z.string(),
  data: z.unknown().optional(),
  error: z.unknown().optional(),
});

export interface StandInRun {
  id: string;
  appName: string;
  functionId: string;
  events: StandInEvent[];
  status: "running" | "completed" | "failed";
  output: unknown;
}

/** As the server does where an app is away: all four attempts within two and a half minutes. */
const RETRY_MS = [15_000, 30_000, 60_000];

/**
 * Stands in for an Inngest server over its protocol: it knows what apps have registered, signed, and nothing else; it fires
 * their crons, delivers events once an id, at their time, calls functions signed, keeps steps, retries and batches, repeats
 * a run, and counts what would be billed. Time is whatever it is told, so that a month takes seconds.
 */
export class InngestStandIn {
  readonly apps = new Map<string, Registration>();
  readonly runs: StandInRun[] = [];
  readonly billed = { runs: 0, steps: 0 };
  /** Refuses connections, as a server that is away. */
  isAway = false;
  readonly #signingKey: string;
  readonly #eventKey: string;
  readonly #call: (request: Request) => Promise<Response>;
  #nowMs: number;
  #agenda: { atMs: number; what: () => Promise<void> | void }[] = [];
  #crons = new Map<string, { cron: Cron; nextMs: number; appName: string; fn: Fn; text: string }>();
  readonly #seen = new Map<string, number>();
  readonly #batches = new Map<string, StandInEvent[]>();

  constructor(options: {
    signingKey: string;
    eventKey: string;
    /** How it reaches apps. */
    call: (request: Request) => Promise<Response>;
    now: Date;
  }) {
    this.#signingKey = options.signingKey;
    this.#eventKey = options.eventKey;
    this.#call = options.call;
    this.#nowMs = options.now.getTime();
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  get executions(): number {
    return this.billed.runs + this.billed.steps;
  }

  /** What its clients reach it by. */
  readonly fetch: typeof fetch = async (input, init) => {
    if (this.isAway) throw new TypeError("fetch failed: ECONNREFUSED");
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    if (pathname === "/fn/register") return this.#register(request);
    if (pathname === `/e/${this.#eventKey}`) return this.#receive(request);
    return Response.json({ error: "not found" }, { status: 404 });
  };

  /** Lets time pass: whatever comes due happens, in its order. */
  async advanceTo(until: Date): Promise<void> {
    for (;;) {
      const nextCronMs = Math.min(...[...this.#crons.values()].map(({ nextMs }) => nextMs));
      const nextMs = Math.min(nextCronMs, this.#agenda[0]?.atMs ?? Number.POSITIVE_INFINITY);
      if (nextMs > until.getTime()) break;
      this.#nowMs = Math.max(this.#nowMs, nextMs);
      const due = this.#agenda.filter(({ atMs }) => atMs <= this.#nowMs);
      this.#agenda = this.#agenda.filter(({ atMs }) => atMs > this.#nowMs);
      for (const { what } of due) await what();
      for (const one of this.#crons.values()) {
        if (one.nextMs > this.#nowMs) continue;
        const scheduledAt = new Date(one.nextMs).toISOString();
        one.nextMs = one.cron.nextRun(new Date(one.nextMs))?.getTime() ?? Number.POSITIVE_INFINITY;
        // A server that is away fires nothing, and does not make up for it.
        if (this.isAway) continue;
        await this.#begin(one.appName, one.fn, [
          {
            id: `${one.fn.id}:${one.text}:${scheduledAt}`,
            name: "inngest/scheduled.timer",
            ts: Date.parse(scheduledAt),
            data: { cron: one.text, scheduledAt },
          },
        ]);
      }
    }
    this.#nowMs = Math.max(this.#nowMs, until.getTime());
  }

  /** The button of the dashboard: the same event, in a run of its own. */
  async rerun(run: StandInRun): Promise<StandInRun> {
    const app = this.apps.get(run.appName);
    const fn = app?.functions.find(({ id }) => id === run.functionId);
    if (!fn) throw new Error(`there is no function ${run.functionId} any more`);
    return this.#begin(run.appName, fn, run.events);
  }

  async #register(request: Request): Promise<Response> {
    const prefix = /^signkey-\w+-/.exec(this.#signingKey)?.[0] ?? "";
    const hash = createHash("sha256").update(this.#secret(), "hex").digest("hex");
    if (request.headers.get("authorization") !== `Bearer ${prefix}${hash}`)
      return Response.json({ error: "unauthorized", status: 401 }, { status: 401 });
    const app = registrationSchema.parse(await request.json());
    const texts = app.functions.flatMap((fn) => fn.triggers.flatMap(({ cron }) => cron ?? []));
    if (texts.some((text) => text.split(" ").length !== 5) || app.functions.length === 0)
      return Response.json(
        { error: "At least one function is invalid", status: 400 },
        { status: 400 },
      );
    const isModified = JSON.stringify(this.apps.get(app.appName)) !== JSON.stringify(app);
    this.apps.set(app.appName, app);
    for (const [key, { appName }] of this.#crons)
      if (appName === app.appName) this.#crons.delete(key);
    for (const fn of app.functions)
      for (const { cron: text } of fn.triggers) {
        if (text === undefined) continue;
        const cron = new Cron(text, { timezone: "UTC", mode: "5-part", paused: true });
        const nextMs = cron.nextRun(this.now())?.getTime() ?? Number.POSITIVE_INFINITY;
        this.#crons.set(`${app.appName}:${fn.id}:${text}`, {
          cron,
          nextMs,
          appName: app.appName,
          fn,
          text,
        });
      }
    return Response.json({ ok: true, modified: isModified });
  }

  async #receive(request: Request): Promise<Response> {
    const given = z.array(eventSchema).parse([await request.json()].flat());
    const ids = given.map((one, i) => {
      const event = { id: `event-${this.#seen.size}-${i}`, ts: this.#nowMs, ...strip(one) };
      const seenAt = this.#seen.get(event.id);
      if (seenAt !== undefined && this.#nowMs - seenAt < 86_400_000) return event.id;
      this.#seen.set(event.id, this.#nowMs);
      this.#at(Math.max(event.ts, this.#nowMs), () => this.#deliver(event));
      return event.id;
    });
    return Response.json({ ids, status: 200 });
  }

  async #deliver(event: StandInEvent): Promise<void> {
    for (const [appName, { functions }] of this.apps)
      for (const fn of functions) {
        if (!fn.triggers.some((trigger) => trigger.event === event.name)) continue;
        const { batchEvents } = fn;
        if (!batchEvents) {
          await this.#begin(appName, fn, [event]);
          continue;
        }
        const [, field] = /^event\.data\.(\w+)$/.exec(batchEvents.key ?? "") ?? [];
        const key = JSON.stringify([fn.id, field && (event.data[field] ?? null)]);
        const batch = this.#batches.get(key) ?? [];
        this.#batches.set(key, batch);
        batch.push(event);
        const close = async () => {
          if (this.#batches.get(key) !== batch) return;
          this.#batches.delete(key);
          await this.#begin(appName, fn, batch);
        };
        if (batch.length >= batchEvents.maxSize) await close();
        else if (batch.length === 1)
          this.#at(this.#nowMs + Number.parseInt(batchEvents.timeout, 10) * 1000, close);
      }
  }

  async #begin(appName: string, fn: Fn, events: StandInEvent[]): Promise<StandInRun> {
    const run: StandInRun = {
      id: ulid(this.#nowMs, this.runs.length),
      appName,
      functionId: fn.id,
      events,
      status: "running",
      output: null,
    };
    this.runs.push(run);
    this.billed.runs++;
    await this.#goOn(run, fn, { steps: {}, stack: [], attempt: 0 });
    return run;
  }

  /** Calls until the function is through, must wait, or is given up. */
  async #goOn(
    run: StandInRun,
    fn: Fn,
    state: { steps: Record<string, unknown>; stack: string[]; attempt: number },
  ): Promise<void> {
    const maxAttempts = 1 + (fn.steps.step.retries?.attempts ?? 3);
    for (;;) {
      const answer = await this.#callOnce(run, fn, state, "step", maxAttempts);
      if (answer.status === 200) return end("completed", answer.body);
      if (answer.status !== 206) {
        if (!answer.mayRetry || state.attempt + 1 >= maxAttempts) return end("failed", answer.body);
        const delayMs = answer.retryAfterMs ?? RETRY_MS[state.attempt] ?? 60_000;
        const next = { ...state, attempt: state.attempt + 1 };
        this.#at(this.#nowMs + delayMs, () => this.#goOn(run, fn, next));
        return;
      }
      state.attempt = 0;
      for (const op of z.array(opSchema).parse([answer.body].flat())) {
        const done =
          op.op === "StepPlanned"
            ? z
                .array(opSchema)
                .parse([(await this.#callOnce(run, fn, state, op.id, maxAttempts)).body].flat())[0]
            : op;
        if (done?.op !== "StepRun") return end("failed", done?.error ?? `no such op: ${done?.op}`);
        this.billed.steps++;
        state.steps[op.id] = { type: "data", data: done.data };
        state.stack.push(op.id);
      }
    }
    function end(status: "completed" | "failed", output: unknown) {
      run.status = status;
      run.output = output;
    }
  }

  async #callOnce(
    run: StandInRun,
    fn: Fn,
    state: { steps: Record<string, unknown>; stack: string[]; attempt: number },
    stepId: string,
    maxAttempts: number,
  ) {
    const app = this.apps.get(run.appName);
    const url = new URL(app?.url ?? "http://gone.invalid");
    url.searchParams.set("fnId", fn.id);
    url.searchParams.set("stepId", stepId);
    const { steps, stack, attempt } = state;
    const ctx = {
      attempt,
      disable_immediate_execution: false,
      max_attempts: maxAttempts,
      run_id: run.id,
      stack: { current: stack.length, stack },
      use_api: false,
    };
    const body = canonical({ ctx, event: run.events[0], events: run.events, steps, version: 2 });
    try {
      const response = await this.#call(
        new Request(url, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            host: url.host,
            "x-inngest-signature": this.#sign(body),
          },
          body,
        }),
      );
      const text = await response.text();
      const retryAfter = response.headers.get("retry-after");
      return {
        status: response.status,
        body: text === "" ? null : JSON.parse(text),
        mayRetry: response.headers.get("x-inngest-no-retry") !== "true",
        retryAfterMs: retryAfter === null ? null : readRetryAfterMs(retryAfter, Date.now()),
      };
    } catch (error) {
      return { status: 0, body: String(error), mayRetry: true, retryAfterMs: null };
    }
  }

  #at(atMs: number, what: () => Promise<void> | void): void {
    const index = this.#agenda.findIndex((other) => other.atMs > atMs);
    this.#agenda.splice(index < 0 ? this.#agenda.length : index, 0, { atMs, what });
  }

  #secret(): string {
    return this.#signingKey.replace(/^signkey-\w+-/, "");
  }

  /** By the wall's clock: the SDK compares it with its own. */
  #sign(body: string): string {
    const seconds = String(Math.floor(Date.now() / 1000));
    const s = createHmac("sha256", this.#secret()).update(body).update(seconds).digest("hex");
    return `t=${seconds}&s=${s}`;
  }
}

function readRetryAfterMs(text: string, nowMs: number): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Math.max(0, Date.parse(text) - nowMs);
}

function strip<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

/** RFC 8785: the SDK writes a body that way before it checks the signature. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(",")}}`;
}

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function ulid(ms: number, count: number): string {
  const write = (value: number, length: number) => {
    let text = "";
    for (let rest = value; text.length < length; rest = Math.floor(rest / 32))
      text = `${DIGITS[rest % 32]}${text}`;
    return text;
  };
  return write(ms, 10) + write(count, 16);
}
