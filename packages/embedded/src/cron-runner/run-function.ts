import { randomUUID } from "node:crypto";
import type { Agenda } from "./agenda";
import type { CallSlots } from "./call-slots";
import { readWaitMs } from "./durations";
import type { EventBus, RunnerEvent } from "./event-bus";
import { readExpression } from "./expressions";
import type { Run, RunEnd, RunState } from "./run-store";
import type { RunnerFunction, SdkAnswer, SdkClient } from "./sdk-client";
import type { Json } from "./sign-request";

export interface RunDeps {
  sdk: SdkClient;
  bus: EventBus;
  agenda: Agenda;
  /** Aborts when the runner stops: waits end, and the run is left as it was written down last. */
  signal: AbortSignal;
  /** How long to wait before each further attempt, where the function does not say; the last one repeats. */
  retryDelaysMs: readonly number[];
  callSlots: CallSlots | null;
  slotKey(event: RunnerEvent): string;
  /** Writes down what a run must not forget. @throws RunAbandoned when it is no longer this process's */
  save(run: Run, state: RunState): Promise<void>;
  invoke(runId: string, functionId: string, data: RunnerEvent["data"]): Promise<RunResult>;
}

/** Abandoned: left to whoever takes the run up from where it was written down. */
export type RunResult = RunEnd | { status: "abandoned" };

/** The part of the SDK's ops that the runner reads. */
interface Op {
  id: string;
  op: string;
  name?: string;
  data?: Json;
  error?: Json;
  opts?: {
    duration?: string;
    timeout?: string;
    if?: string;
    function_id?: string;
    payload?: { data?: RunnerEvent["data"] };
  };
}

/** Inngest's default: four attempts in all. */
const DEFAULT_RETRIES = 3;

class RunFailed extends Error {
  constructor(readonly body: Json) {
    super("the function failed");
  }
}
export class RunAbandoned extends Error {}

/**
 * One run of a function: calls it, does what it asks for (steps, sleeps, waits, invocations), and calls it again with
 * the results until it returns or fails. Steps that come together run together; then it is called once, not once each.
 * A run that was written down goes on from there: what is through is not done again, and waits end when they would have.
 */
export async function runFunction(
  deps: RunDeps,
  fn: RunnerFunction,
  run: Run,
  batch: RunnerEvent[],
): Promise<RunResult> {
  const state: RunState = run.state ?? {
    steps: {},
    stack: [],
    deadlines: {},
    retries: {},
    invocations: {},
    batch,
  };
  const events = [run.event, ...state.batch];
  const maxAttempts = 1 + (fn.steps.step.retries?.attempts ?? DEFAULT_RETRIES);
  let saving = Promise.resolve();

  /** In order, each with everything up to its turn. */
  function save(): Promise<void> {
    saving = saving.then(() => deps.save(run, state));
    return saving;
  }

  async function waitUntil(atMs: number): Promise<void> {
    if (!(await deps.agenda.waitUntil(atMs, deps.signal))) throw new RunAbandoned();
  }

  function callOnce(stepId: string, attempt: number): Promise<SdkAnswer> {
    const call = () =>
      deps.sdk.call(fn, stepId, {
        version: 2,
        event: run.event,
        events,
        steps: state.steps,
        // Without fn_id: the SDK would report its progress to an API that is not here.
        ctx: {
          run_id: run.id,
          attempt,
          max_attempts: maxAttempts,
          disable_immediate_execution: false,
          use_api: false,
          stack: { stack: state.stack, current: state.stack.length },
        },
      });
    return deps.callSlots ? deps.callSlots.use(deps.slotKey(run.event), call) : call();
  }

  /** @returns the ops it asks for, or the output of a function that is through */
  async function call(stepId: string): Promise<{ ops: Op[] } | { output: Json }> {
    for (;;) {
      const { attempt, atMs } = state.retries[stepId] ?? { attempt: 0, atMs: 0 };
      await waitUntil(atMs);
      const answer = await callOnce(stepId, attempt);
      const ops = answer.status === 206 ? ([answer.body].flat() as unknown as Op[]) : null;
      const hasFailed = ops === null || ops.some(({ op }) => op === "StepError");
      const isLast = !answer.mayRetry || attempt + 1 >= maxAttempts;
      if (answer.status === 200 || (ops && (!hasFailed || isLast))) {
        delete state.retries[stepId];
        return ops ? { ops } : { output: answer.body };
      }
      if (isLast) throw new RunFailed(answer.body);
      const delayMs =
        answer.retryAfterMs ?? deps.retryDelaysMs[attempt] ?? deps.retryDelaysMs.at(-1) ?? 0;
      const nextMs = deps.agenda.now().getTime() + delayMs;
      state.retries[stepId] = { attempt: attempt + 1, atMs: nextMs };
      await save();
    }
  }

  async function settle(op: Op): Promise<void> {
    if (op.op === "StepPlanned") {
      const answer = await call(op.id);
      if ("output" in answer) throw new RunFailed({ message: `the step ${op.id} did not run` });
      await Promise.all(answer.ops.map(settle));
      return;
    }
    const result = await resultOf(op);
    state.steps[op.id] = result;
    state.stack.push(op.id);
    delete state.deadlines[op.id];
    delete state.invocations[op.id];
    await save();
  }

  /** When a wait that begins now, or has begun before, is over. */
  async function deadlineOf(op: Op, text: string | undefined): Promise<number> {
    const known = state.deadlines[op.id];
    if (known !== undefined) return known;
    const now = deps.agenda.now();
    const untilMs = now.getTime() + readWaitMs(text ?? "0s", now);
    state.deadlines[op.id] = untilMs;
    await save();
    return untilMs;
  }

  async function resultOf(op: Op): Promise<Json> {
    switch (op.op) {
      case "StepRun":
      case "Step":
        return { type: "data", data: op.data ?? null };
      case "StepError":
      case "StepFailed":
        return { type: "error", error: op.error ?? null };
      case "Sleep":
        await waitUntil(await deadlineOf(op, op.opts?.duration ?? op.name));
        return null;
      case "WaitForEvent": {
        const matches = readExpression(op.opts?.if);
        const untilMs = await deadlineOf(op, op.opts?.timeout);
        const event = await deps.bus.waitFor(
          (candidate) => candidate.name === op.name && matches(candidate, run.event),
          untilMs,
        );
        if (deps.signal.aborted) throw new RunAbandoned();
        return event && { type: "data", data: { ...event } };
      }
      case "InvokeFunction":
        return invoke(op);
      default:
        throw new RunFailed({
          name: "Error",
          message: `the embedded cron runner does not know the operation ${op.op}`,
        });
    }
  }

  async function invoke(op: Op): Promise<Json> {
    let runId = state.invocations[op.id];
    if (runId === undefined) {
      runId = randomUUID();
      state.invocations[op.id] = runId;
      await save();
    }
    const { function_id: functionId = "", payload } = op.opts ?? {};
    const result = await deps.invoke(runId, functionId, payload?.data ?? {});
    if (result.status === "abandoned") throw new RunAbandoned();
    if (result.status === "completed") return { type: "data", data: result.output };
    const error = result.status === "failed" ? result.error : { message: result.status };
    return { type: "error", error };
  }

  try {
    for (;;) {
      const answer = await call("step");
      if ("output" in answer) return { status: "completed", output: answer.output };
      await Promise.all(answer.ops.map(settle));
      if (deps.signal.aborted) throw new RunAbandoned();
    }
  } catch (error) {
    if (error instanceof RunAbandoned) return { status: "abandoned" };
    if (error instanceof RunFailed) return { status: "failed", error: error.body };
    return { status: "failed", error: { name: "Error", message: String(error) } };
  }
}
