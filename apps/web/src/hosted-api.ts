import type { Api } from "@fermata/server/hosts/fetch";

/** The server and Next's bundles are built apart: what they share in one process lies on the global object. */
const slot: unique symbol = Symbol.for("fermata.api");
const shared = globalThis as { [slot]?: Promise<Api> };

/** Lets pages ask the API of the server that hosts them. */
export function hostApi(api: Api): void {
  shared[slot] = Promise.resolve(api);
}

/** The API in this process: the self-hosted server's, else one that the environment describes. */
export function hostedApi(): Promise<Api> {
  // On the first request, not at build time: a build has no secrets.
  shared[slot] ??= composeHere();
  return shared[slot];
}

async function composeHere(): Promise<Api> {
  const [{ processEnv }, { composeFromEnv }] = await Promise.all([
    import("./env"),
    import("./server"),
  ]);
  return composeFromEnv(processEnv());
}
