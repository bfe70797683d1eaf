import { randomUUID } from "node:crypto";
import type { Agenda } from "./agenda";
import { Batches } from "./batches";
import { wait } from "./durations";
import type { EventBus, RunnerEvent } from "./event-bus";
import { readExpression } from "./expressions";
import { type FlowControl, readFlowControl, warnOfIgnoredOptions } from "./flow-control";
import { RunAbandoned, type RunResult, runFunction } from "./run-function";
import type { Run, RunEnd, RunState, RunStore } from "./run-store";
import type { RunnerLog } from "./runner-log";
import type { RunnerFunction, SdkClient } from "./sdk-client";
import { WriteBehind } from "./write-behind";

const STORE_RETRY_MS = 1000;
const INVOKED = "inngest/function.invoked";

interface DeskDeps {
  functions: readonly RunnerFunction[];
  store: RunStore;
  sdk: SdkClient;
  bus: EventBus;
  agenda: Agenda;
  log: RunnerLog;
  signal: AbortSignal;
  retryDelaysMs: readonly number[];
}

interface Bench {
  fn: RunnerFunction;
  flow: FlowControl;
  batches: Batches | null;
  running: number;
}

/** Turns events into runs of the functions that listen to them, and looks after the runs of this process. */
export class RunDesk {
  readonly #benches: Map<string, Bench>;
  readonly #listeners: { name: string; fn: RunnerFunction; matches(event: RunnerEvent): boolean }[];
  readonly #active = new Map<string, Promise<RunResult>>();
  readonly #ends: WriteBehind<RunEnd | null>;

  constructor(private readonly deps: DeskDeps) {
    const { functions, store, agenda, log, signal } = deps;
    this.#benches = new Map(
      functions.map((fn) => {
        warnOfIgnoredOptions(fn, log);
        const flow = readFlowControl(fn);
        const batches = flow.batch && new Batches(flow.batch, agenda, signal);
        return [fn.id, { fn, flow, batches, running: 0 }];
      }),
    );
    this.#listeners = functions.flatMap((fn) =>
      fn.triggers.flatMap(({ event: name, expression }) => {
        if (!name) return [];
        const matches = readExpression(expression);
        return [{ name, fn, matches: (event: RunnerEvent) => matches(event, null) }];
      }),
    );
    this.#ends = new WriteBehind(async (ends) => {
      try {
        await this.#persist(() => store.end(ends, agenda.now()));
        return true;
      } catch {
        return false;
      }
    });
  }

  /** Writes down a run for each function that listens to the events, and begins them. */
  async receive(events: RunnerEvent[]): Promise<void> {
    // One that comes twice in a request, or by two triggers of a function, counts once.
    const runs = new Map<string, Run>();
    for (const event of events) {
      for (const { name, fn, matches } of this.#listeners) {
        if (name !== event.name || !matches(event)) continue;
        const run = { id: randomUUID(), functionId: fn.id, event, state: null };
        runs.set(`${fn.id}\0${event.id}`, run);
      }
    }
    if (runs.size > 0) this.begin(await this.deps.store.insert([...runs.values()]));
  }

  /** Begins runs that are written down as this process's. */
  begin(runs: Run[]): void {
    for (const run of runs) this.#beginOne(run);
  }

  /** Resolves when nothing runs any more and the ends are written down. */
  async settle(): Promise<void> {
    await Promise.all(this.#active.values());
    await this.#ends.flush();
  }

  release(): Promise<void> {
    return this.deps.store.release();
  }

  #beginOne(run: Run): Promise<RunResult> {
    const active = this.#active.get(run.id);
    if (active) return active;
    const result = this.#live(run).finally(() => this.#active.delete(run.id));
    this.#active.set(run.id, result);
    return result;
  }

  async #live(run: Run): Promise<RunResult> {
    const { agenda, signal } = this.deps;
    const bench = this.#benches.get(run.functionId);
    if (!bench) return { status: "abandoned" };
    if (!(await agenda.waitUntil(run.event.ts, signal))) return { status: "abandoned" };
    const batch = run.state || !bench.batches ? [run] : await bench.batches.join(run);
    // The first run of a batch deals with the events of the others, and ends them.
    if (!batch || signal.aborted) return { status: "abandoned" };
    if (bench.flow.isSingleton && bench.running > 0) return this.#end(run, { status: "skipped" });

    bench.running++;
    const others = batch.slice(1);
    const endOthers = () => {
      for (const other of others.splice(0)) this.#ends.add(other.id, null);
    };
    const result = await runFunction(
      {
        ...this.deps,
        callSlots: bench.flow.callSlots,
        slotKey: bench.flow.slotKey,
        save: async (saved, state) => {
          await this.#save(saved, state);
          endOthers();
        },
        invoke: (runId, functionId, data) => this.#invoke(runId, functionId, data),
      },
      bench.fn,
      run,
      others.map(({ event }) => event),
    ).finally(() => bench.running--);
    if (result.status === "abandoned") return result;
    endOthers();
    await this.#announce(bench.fn, run, result);
    return this.#end(run, result);
  }

  #end(run: Run, end: RunEnd): RunEnd {
    this.#ends.add(run.id, run.event.name === INVOKED ? end : null);
    return end;
  }

  async #save(run: Run, state: RunState): Promise<void> {
    if (!(await this.#persist(() => this.deps.store.save(run.id, state)))) throw new RunAbandoned();
  }

  async #invoke(runId: string, functionId: string, data: RunnerEvent["data"]): Promise<RunResult> {
    if (!this.#benches.has(functionId)) throw new Error(`there is no function ${functionId}`);
    const event = { id: runId, name: INVOKED, ts: this.deps.agenda.now().getTime(), data };
    const run = { id: runId, functionId, event, state: null };
    const taken = await this.#persist(() => this.deps.store.take(run));
    return "status" in taken ? taken : this.#beginOne(taken);
  }

  async #announce(fn: RunnerFunction, run: Run, end: RunEnd): Promise<void> {
    if (end.status === "skipped") return;
    const failed = end.status === "failed";
    const data: RunnerEvent["data"] = {
      function_id: fn.id,
      run_id: run.id,
      event: { ...run.event },
      ...(failed ? { error: end.error } : { result: end.output }),
    };
    const ts = this.deps.agenda.now().getTime();
    const events: RunnerEvent[] = [
      { id: `finished:${run.id}`, name: "inngest/function.finished", ts, data },
    ];
    if (failed) events.push({ id: `failed:${run.id}`, name: "inngest/function.failed", ts, data });
    // Given up only when the runner stops while PostgreSQL is away: the run's end is not written down then, either.
    await this.#persist(() => this.receive(events)).catch(() => {});
    for (const event of events) this.deps.bus.send(event);
  }

  /** What is not written down does not go on: tries until PostgreSQL takes it. @throws RunAbandoned when the runner stops */
  async #persist<T>(write: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await write();
      } catch (err) {
        this.deps.log.warn({ err }, "the state of a run could not be written down; trying again");
        if (!(await wait(STORE_RETRY_MS, this.deps.signal))) throw new RunAbandoned();
      }
    }
  }
}
