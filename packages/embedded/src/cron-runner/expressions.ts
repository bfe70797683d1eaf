import type { RunnerEvent } from "./event-bus";

type Match = (event: RunnerEvent, origin: RunnerEvent | null) => boolean;

/**
 * Reads the two forms that the SDK itself writes: `event.data.x == 'text'` for triggers and `event.data.x == async.data.x`
 * for waits. Inngest's full expression language stays with Inngest.
 * @throws Error for anything else
 */
export function readExpression(expression: string | undefined): Match {
  if (!expression) return () => true;
  const [, path, text] = /^event\.([\w.]+) == '([^'\\]*)'$/.exec(expression) ?? [];
  if (path !== undefined && text !== undefined) return (event) => valueAt(event, path) === text;
  const [, here, there] = /^event\.([\w.]+) == async\.([\w.]+)$/.exec(expression) ?? [];
  if (here !== undefined && there !== undefined)
    return (event, origin) => valueAt(origin, here) === valueAt(event, there);
  throw new Error(`the embedded cron runner cannot read the expression "${expression}"`);
}

/** What an event is told apart by, for limits and batches of its own: `event.data.x`. Null for any other expression. */
export function readKey(expression: string): ((event: RunnerEvent) => string) | null {
  const [, path] = /^event\.(data\.[\w.]+)$/.exec(expression) ?? [];
  return path === undefined ? null : (event) => JSON.stringify(valueAt(event, path) ?? null);
}

function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => {
    if (typeof inner !== "object" || inner === null) return undefined;
    return Object.getOwnPropertyDescriptor(inner, key)?.value;
  }, value);
}
