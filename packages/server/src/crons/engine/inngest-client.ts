import { Inngest } from "inngest";
import type { Logger } from "../../ports/logger";

const REQUEST_TIMEOUT_MS = 10_000;
/** What the SDK logs when a signature is missing or wrong. */
const REFUSED = "Signature validation failed";
const REFUSALS_EVERY_MS = 60_000;

export interface InngestConfig {
  /** What the app is called there: several installations may share one Inngest. */
  appId?: string;
  eventKey?: string;
  signingKey?: string;
  /** A self-hosted server, the dev server, or the embedded runner. Without it: Inngest Cloud. */
  baseUrl?: string;
  /** Without signatures: for Inngest's dev server on a developer's machine only. */
  isDev: boolean;
  /** How events travel; the embedded runner gives its own. */
  fetch?: typeof fetch;
  log: Logger;
}

/** The Inngest app: everything that the SDK would look up in the environment is said here. */
export function createInngest(config: InngestConfig): Inngest {
  const send = config.fetch ?? fetch;
  return new Inngest({
    id: config.appId ?? "fermata",
    isDev: config.isDev,
    eventKey: config.eventKey,
    signingKey: config.signingKey,
    baseUrl: config.baseUrl,
    // An engine that accepts connections and stays silent must not hold up whoever asks.
    fetch: (input, init) =>
      send(input, { ...init, signal: init?.signal ?? AbortSignal.timeout(REQUEST_TIMEOUT_MS) }),
    logger: toInngestLogger(config.log),
  });
}

function toInngestLogger(log: Logger) {
  let refusalsDue = 0;
  const write =
    (level: "debug" | "info" | "warn" | "error") => (first: unknown, second?: unknown) => {
      // Anybody can call the endpoint unsigned: a line and a stack for each would let them fill the log.
      if (second === REFUSED) {
        if (performance.now() < refusalsDue) return;
        refusalsDue = performance.now() + REFUSALS_EVERY_MS;
        const reason = (first as { err?: { message?: string } }).err?.message;
        log.warn({ reason }, "refused a call to /api/inngest; the next minute's are not logged");
        return;
      }
      if (typeof first === "object" && first !== null)
        log[level](first, String(second ?? "inngest"));
      else log[level]({}, String(first));
    };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    flush() {},
  };
}
