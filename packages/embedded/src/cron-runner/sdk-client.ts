import { canonicalJson, type Json, signBody } from "./sign-request";

/** Where the handler believes to be called. Nothing is ever sent there. */
const ENDPOINT = "http://127.0.0.1/api/inngest";

export interface ConcurrencyOption {
  limit: number;
  key?: string;
  scope?: "fn" | "env" | "account";
}

export interface RunnerFunction {
  id: string;
  name: string;
  triggers: { cron?: string; jitter?: string; event?: string; expression?: string }[];
  steps: { step: { retries?: { attempts?: number } } };
  singleton?: { mode: "skip" | "cancel"; key?: string };
  concurrency?: number | ConcurrencyOption | ConcurrencyOption[];
  batchEvents?: { maxSize: number; timeout: string; key?: string; if?: string };
  rateLimit?: object;
  throttle?: object;
  debounce?: object;
  cancel?: object[];
  idempotency?: string;
  priority?: object;
  timeouts?: object;
}

export interface SdkAnswer {
  status: number;
  body: Json;
  mayRetry: boolean;
  retryAfterMs: number | null;
}

/** Speaks the Inngest SDK's own protocol to a serve handler, signed, without a network. */
export interface SdkClient {
  register(): Promise<RunnerFunction[]>;
  call(fn: RunnerFunction, stepId: string, body: object): Promise<SdkAnswer>;
}

export function createSdkClient(options: {
  handler: (request: Request) => Promise<Response>;
  signingKey: string;
}): SdkClient {
  async function request(method: string, url: URL, body: object, headers: Record<string, string>) {
    const text = canonicalJson(JSON.parse(JSON.stringify(body)));
    return options.handler(
      new Request(url, {
        method,
        headers: {
          "content-type": "application/json",
          host: url.host,
          "x-inngest-signature": signBody(options.signingKey, text, new Date()),
          ...headers,
        },
        body: text,
      }),
    );
  }

  return {
    async register() {
      const url = new URL(ENDPOINT);
      const headers = { "x-inngest-sync-kind": "in_band" };
      const response = await request("PUT", url, { url: ENDPOINT }, headers);
      const text = await response.text();
      if (!response.ok)
        throw new Error(`the handler refused to register (${response.status}): ${text}`);
      const { functions } = JSON.parse(text) as { functions?: RunnerFunction[] };
      if (!functions) throw new Error("the handler registered no list of functions");
      return functions;
    },

    async call(fn, stepId, body) {
      const url = new URL(ENDPOINT);
      url.searchParams.set("fnId", fn.id);
      url.searchParams.set("stepId", stepId);
      try {
        const response = await request("POST", url, body, { "x-inngest-req-version": "2" });
        const text = await response.text();
        return {
          status: response.status,
          body: text === "" ? null : parseJson(text),
          mayRetry: response.headers.get("x-inngest-no-retry") !== "true",
          retryAfterMs: readRetryAfter(response.headers.get("retry-after")),
        };
      } catch (error) {
        const body = { name: "Error", message: String(error) };
        return { status: 500, body, mayRetry: true, retryAfterMs: null };
      }
    },
  };
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return { name: "Error", message: text.slice(0, 1000) };
  }
}

/** Seconds, or a date. */
function readRetryAfter(value: string | null): number | null {
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
