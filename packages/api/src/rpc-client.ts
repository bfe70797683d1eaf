import type {
  OperationLink,
  OperationResultEnvelope,
  TRPCClient,
  TRPCClientError,
  TRPCLink,
  TRPCProcedureOptions,
  TRPCUntypedClient,
} from "@trpc/client";
import { createTRPCFlatProxy, createTRPCRecursiveProxy } from "@trpc/server";
import { observableToPromise } from "@trpc/server/observable";
import type { AppRouter, PlainRouter } from "./procedures";

type Kind = "query" | "mutation" | "subscription";
type Envelope = OperationResultEnvelope<unknown, TRPCClientError<AppRouter>>;

interface SubscriptionHandlers extends TRPCProcedureOptions {
  onStarted?(told: { context: unknown }): void;
  onData?(data: unknown): void;
  onError?(error: TRPCClientError<AppRouter>): void;
  onStopped?(): void;
  onComplete?(): void;
  onConnectionStateChange?(state: unknown): void;
}

const kinds: Record<string, Kind> = {
  query: "query",
  mutate: "mutation",
  subscribe: "subscription",
};

/** By this, whatever takes a tRPC client finds the one beneath its types. */
const untypedClient = Symbol.for("trpc_untypedClient");

/**
 * tRPC's client over one link of tRPC's. Its own `createTRPCClient` comes with its WebSocket client, in every bundle, which is
 * a fifth of what a page would load for one typed query.
 */
export function createRpcClient(link: TRPCLink<AppRouter>): TRPCClient<PlainRouter> {
  const untyped = new RpcClient(link({}));
  const procedures = createTRPCRecursiveProxy<Record<string | symbol, unknown>>(
    ({ path, args }) => {
      const names = [...path];
      const kind = kinds[names.pop() ?? ""];
      if (!kind) throw new TypeError(`${path.join(".")} is no call: query, mutate or subscribe.`);
      return untyped[kind](names.join("."), args[0], args[1] as never);
    },
  );
  return createTRPCFlatProxy<TRPCClient<PlainRouter>>((name) =>
    (name as string | symbol) === untypedClient ? untyped : (procedures[name] as never),
  );
}

class RpcClient
  implements Pick<TRPCUntypedClient<AppRouter>, "query" | "mutation" | "subscription">
{
  readonly #link: OperationLink<AppRouter>;
  #asked = 0;

  constructor(link: OperationLink<AppRouter>) {
    this.#link = link;
  }

  query(path: string, input?: unknown, options?: TRPCProcedureOptions): Promise<unknown> {
    return this.#answer("query", path, input, options);
  }

  mutation(path: string, input?: unknown, options?: TRPCProcedureOptions): Promise<unknown> {
    return this.#answer("mutation", path, input, options);
  }

  subscription(path: string, input: unknown, handlers: SubscriptionHandlers) {
    return this.#ask("subscription", path, input, handlers).subscribe({
      next({ result, context }: Envelope) {
        if (result.type === "state") handlers.onConnectionStateChange?.(result);
        else if (result.type === "started") handlers.onStarted?.({ context });
        else if (result.type === "stopped") handlers.onStopped?.();
        else handlers.onData?.(result.data);
      },
      error: (error) => handlers.onError?.(error),
      complete: () => handlers.onComplete?.(),
    });
  }

  async #answer(
    kind: Kind,
    path: string,
    input: unknown,
    options?: TRPCProcedureOptions,
  ): Promise<unknown> {
    const { result } = await observableToPromise(this.#ask(kind, path, input, options));
    return (result as { data?: unknown }).data;
  }

  #ask(type: Kind, path: string, input: unknown, options: TRPCProcedureOptions = {}) {
    const { signal = null, context = {} } = options;
    const op = { id: ++this.#asked, type, path, input, signal, context };
    return this.#link({ op, next: lastLink });
  }
}

function lastLink(): never {
  throw new TypeError("There is no link after the last one.");
}
