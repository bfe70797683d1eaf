import { createInngestJobQueue } from "../adapters/job-queue/inngest";
import type { CronRegistry, Services } from "../context";
import { type CronEngine, createCronEngine } from "../crons/engine/cron-engine";
import { createInngest } from "../crons/engine/inngest-client";
import { InngestStandIn } from "./inngest-stand-in";

const signingKey = `signkey-test-${"0a".repeat(32)}`;
const eventKey = "its-event-key";
const origin = "http://studio.test";

export interface InngestApp {
  services: Services;
  engine: CronEngine;
  stopping: AbortController;
  /** As after listening. */
  start(): Promise<void>;
  /** As kill -9: what runs goes on unheard, and calls are answered by nobody. */
  kill(): void;
}

/** An Inngest server without apps, whose time is everybody's. */
export function createStandIn(now: Date) {
  const apps = new Map<string, CronEngine["handler"]>();
  /** What happens to the next call instead of its answer. */
  const faults: ((answered: Promise<Response>) => Promise<Response>)[] = [];
  const inngest = new InngestStandIn({
    signingKey,
    eventKey,
    now,
    call: async (request) => {
      const answer = apps.get(new URL(request.url).origin);
      if (!answer) throw new TypeError("fetch failed: ECONNREFUSED");
      const fault = faults.shift();
      return fault ? fault(answer(request)) : answer(request);
    },
  });
  const clock = { now: () => inngest.now() };

  /** One server process of an app, connected to it. */
  function connect(base: Services, crons: CronRegistry, appId = "fermata"): InngestApp {
    const client = createInngest({
      appId,
      isDev: false,
      signingKey,
      eventKey,
      baseUrl: "http://inngest.test",
      fetch: inngest.fetch,
      log: base.log,
    });
    const services: Services = {
      ...base,
      clock,
      crons,
      jobs: createInngestJobQueue({
        inngest: client,
        engine: "inngest",
        clock,
        dashboard: { url: "http://inngest.test" },
      }),
    };
    const stopping = new AbortController();
    const engine = createCronEngine(services, { inngest: client, stopping: stopping.signal });
    const own = origin.replace("studio", appId);
    apps.set(own, engine.handler);
    return {
      services,
      engine,
      stopping,
      start: () => engine.start(new URL("/api/inngest", own)),
      kill: () => {
        if (apps.get(own) === engine.handler) apps.delete(own);
      },
    };
  }
  return { inngest, connect, faults };
}
