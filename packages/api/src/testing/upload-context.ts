import type { FermataCore } from "../create-core";
import { defaultFetch } from "../default-fetch";
import { Together } from "../together";
import type { UploadContext } from "../upload-context";
import { Parallelism } from "../upload-parallelism";

/** Of a client of a server at this origin, which is patient for a moment only; of procedures nothing is asked. */
export function uploadContext(origin: string, more: Partial<UploadContext> = {}): UploadContext {
  return {
    trpc: {} as FermataCore["trpc"],
    fetch: defaultFetch,
    retry: { maxTries: 5, baseDelayMs: 1, maxDelayMs: 5, stallMs: 5_000 },
    parallelism: new Parallelism(),
    together: new Together(),
    keysUnderWay: new Set(),
    authorization: async () => ({}),
    renewsTokens: false,
    baseUrl: `${origin}/api`,
    takes: {},
    ...more,
  };
}
