import type { Api } from "@fermata/server/hosts/fetch";
import { apiSlot } from "./api-slot";

/** The API in this process: the self-hosted server's, else one that the environment describes. */
export function hostedApi(): Promise<Api> {
  // Never at build time: a build has no secrets.
  apiSlot.api ??= composeHere();
  return apiSlot.api;
}

async function composeHere(): Promise<Api> {
  const [{ processEnv }, { composeFromEnv }] = await Promise.all([
    import("./env"),
    import("./server"),
  ]);
  return composeFromEnv(processEnv()).catch((error: unknown) => {
    // A database that was not up yet must not be remembered for as long as the process lives.
    delete apiSlot.api;
    throw error;
  });
}
