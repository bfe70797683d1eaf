import type { Attributes, Context, Span, SpanKind } from "@opentelemetry/api";

type Api = typeof import("@opentelemetry/api");

/** Where a trace goes on: the `traceparent` of W3C's Trace Context. */
export type TraceParent = string;

/** OpenTelemetry is one for a process, and so is whether it is asked. */
let api: Api | null = null;

/**
 * Lets spans be made of what the server does, by whichever SDK the process has registered with OpenTelemetry's API. Without
 * this call nothing of it is loaded.
 */
export async function startTracing(): Promise<void> {
  api ??= await import("@opentelemetry/api");
}

export function isTracing(): boolean {
  return api !== null;
}

/** What is done. Attributes name no user, and no file but by its id or key. */
export interface Work {
  name: string;
  kind?: keyof typeof SpanKind;
  attributes?: Attributes;
  /** What it is done for; where it is left out, what is going on. */
  parent?: TraceParent | null | undefined;
  /** Whether it is worth a trace of its own. */
  isRoot?: boolean;
}

/**
 * Does it within a span, which ends with the promise. Where nobody traces, or where nothing is going on that it could be a
 * part of, it is only done.
 */
export function traced<T>(work: Work, run: (span: Span | null) => Promise<T>): Promise<T> {
  const opened = openSpan(work);
  if (!opened) return run(null);
  const { span, within } = opened;
  return within(() => run(span)).then(
    (result) => {
      span.end();
      return result;
    },
    (error: unknown) => {
      endFailed(span, error);
      throw error;
    },
  );
}

export interface OpenSpan {
  span: Span;
  /** Does something as a part of it. */
  within<T>(run: () => T): T;
}

/** For what does not end with a promise: whoever opens it ends it. Null where nobody traces. */
export function openSpan({
  name,
  kind,
  attributes,
  parent,
  isRoot = false,
}: Work): OpenSpan | null {
  if (!api) return null;
  const { context, trace, SpanKind } = api;
  const from = parent ? contextOf(api, { traceparent: parent }) : context.active();
  if (!isRoot && !trace.getSpan(from)) return null;
  const options = { kind: SpanKind[kind ?? "INTERNAL"], ...(attributes && { attributes }) };
  const span = trace.getTracer("fermata").startSpan(name, options, from);
  const inside = trace.setSpan(from, span);
  return { span, within: (run) => context.with(inside, run) };
}

/** What headers say of the trace that a request belongs to; null for nothing. */
export function traceParentOf(headers: { get(name: string): string | null }): TraceParent | null {
  return api ? headers.get("traceparent") : null;
}

/** For whoever goes on with what is going on: later, or in another process. */
export function currentTrace(): TraceParent | null {
  if (!api) return null;
  const carrier: { traceparent?: string } = {};
  api.propagation.inject(api.context.active(), carrier);
  return carrier.traceparent ?? null;
}

/** Marks a span as failed, and ends it. */
export function endFailed(span: Span, error: unknown): void {
  if (!api) return;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  span.setAttribute("error.type", (error as { code?: string })?.code ?? name);
  span.setStatus({ code: api.SpanStatusCode.ERROR, message });
  span.end();
}

/** The same object, some of whose methods are spans by its name and theirs. */
export function tracedMethods<T extends object>(
  name: string,
  of: T,
  methods: readonly (keyof T & string)[],
): T {
  const spanned = methods.map((method) => {
    const plain = of[method] as (...given: unknown[]) => Promise<unknown>;
    const work = { name: `${name} ${method}` };
    return [method, (...given: unknown[]) => traced(work, () => plain.apply(of, given))] as const;
  });
  return { ...of, ...Object.fromEntries(spanned) };
}

function contextOf({ propagation, ROOT_CONTEXT }: Api, carrier: { traceparent: string }): Context {
  return propagation.extract(ROOT_CONTEXT, carrier);
}
