import type { Api } from "@fermata/server/hosts/fetch";

/** The server and Next's bundles are built apart: what they share in one process lies on the global object. */
const slot: unique symbol = Symbol.for("fermata.api");
const shared = globalThis as {
  [slot]?: { api: Promise<Api>; isAhead: boolean; console?: { basePath: string } | undefined };
};

/**
 * Lets pages ask the API of the server that hosts them.
 * @param console of an app's own data: where that app has its API
 */
export function hostApi(api: Api, console?: { basePath: string }): void {
  shared[slot] = { api: Promise.resolve(api), isAhead: true, console };
}

/** Null where the pages are the studio's own. */
export function consoleOfApp(): { basePath: string } | null {
  return shared[slot]?.console ?? null;
}

/** Whether the server that listens answers the API itself, ahead of Next, and has asked its policy. */
export function isHostedAhead(): boolean {
  return shared[slot]?.isAhead ?? false;
}

/** The API in this process: the self-hosted server's, else one that the environment describes. */
export function hostedApi(): Promise<Api> {
  // Never at build time: a build has no secrets.
  shared[slot] ??= { api: composeHere(), isAhead: false };
  return shared[slot].api;
}

async function composeHere(): Promise<Api> {
  const [{ processEnv }, { composeFromEnv }] = await Promise.all([
    import("./env"),
    import("./server"),
  ]);
  return composeFromEnv(processEnv()).catch((error: unknown) => {
    // A database that was not up yet must not be remembered for as long as the process lives.
    delete shared[slot];
    throw error;
  });
}
