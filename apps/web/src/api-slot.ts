import type { Api } from "@fermata/server/hosts/fetch";

/** The server and Next's bundles are built apart: what they share in one process lies on the global object. */
const key: unique symbol = Symbol.for("fermata.api");
const shared = globalThis as {
  [key]?: { api?: Promise<Api>; isAhead?: boolean; console?: { basePath: string } | undefined };
};
shared[key] ??= {};
export const apiSlot = shared[key];

/**
 * Lets pages ask the API of the server that hosts them.
 * @param console of an app's own data: where that app has its API
 */
export function hostApi(api: Api, console?: { basePath: string }): void {
  Object.assign(apiSlot, { api: Promise.resolve(api), isAhead: true, console });
}

/** Null where the pages are the studio's own. */
export function consoleOfApp(): { basePath: string } | null {
  return apiSlot.console ?? null;
}

/** Whether the server that listens answers the API itself, ahead of Next, and has asked its policy. */
export function isHostedAhead(): boolean {
  return apiSlot.isAhead ?? false;
}
