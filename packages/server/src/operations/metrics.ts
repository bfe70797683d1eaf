import { createHash, timingSafeEqual } from "node:crypto";
import type { Gauge, Histogram, Registry } from "prom-client";
import type { Services } from "../context";
import { AppError } from "../ground/errors";
import { version } from "../ground/version";
import type { MetricFamily, Observer } from "../ports/observer";
import { poolFigures, readMissingBytes, readOutbox } from "./figures";

/** Of answers: from what a look in memory takes to what a store takes. */
const bucketSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

interface Instruments {
  registry: Registry;
  answered: Histogram<"route" | "status">;
  gauge(name: string, help: string, labels?: string[]): Gauge;
}

/**
 * What Prometheus is told, behind a token, and OpenTelemetry's collector. Requests are counted as they are answered; what
 * the database knows is asked for when somebody looks. The library is loaded where one of them is, and nowhere else.
 */
export class Metrics implements Observer {
  readonly #token: Buffer | null;
  readonly #services: () => Services;
  readonly #ready: Promise<Instruments>;
  #instruments: Instruments | null = null;

  /** @param of.token null where nobody may ask */
  constructor({ token, services }: { token: string | null; services: () => Services }) {
    this.#services = services;
    this.#token = token === null ? null : digest(token);
    this.#ready = openInstruments();
    this.#ready.then(
      (instruments) => {
        this.#instruments = instruments;
      },
      // Whoever asks for the metrics is told.
      () => {},
    );
  }

  /** A request that was answered. */
  observe(route: string, status: number, seconds: number): void {
    const answered = this.#instruments?.answered;
    answered?.observe({ route, status: `${Math.floor(status / 100)}xx` }, seconds);
  }

  /** @throws AppError UNAUTHENTICATED without the token, NOT_FOUND where there is none */
  async answer(bearer: string | null): Promise<{ type: string; text: string }> {
    if (!this.#token) throw new AppError("NOT_FOUND");
    if (!bearer || !timingSafeEqual(digest(bearer), this.#token)) {
      throw new AppError("UNAUTHENTICATED", undefined, "Send the metrics token as a bearer.");
    }
    const registry = await this.#look();
    return { type: registry.contentType, text: await registry.metrics() };
  }

  async collect(): Promise<MetricFamily[]> {
    const registry = await this.#look();
    const families = await registry.getMetricsAsJSON();
    return families.map((family) => ({ ...family, type: String(family.type) })) as MetricFamily[];
  }

  async #look(): Promise<Registry> {
    const ctx = this.#services();
    const { registry, gauge } = await this.#ready;
    const { size, open, idle, waiting } = poolFigures(ctx);
    gauge("fermata_database_pool_size", "Connections that the process may open.").set(size);
    gauge("fermata_database_pool_open", "Connections that are open.").set(open);
    gauge("fermata_database_pool_idle", "Connections that nobody uses.").set(idle);
    gauge("fermata_database_pool_waiting", "Statements that wait for a connection.").set(waiting);
    const requests = ctx.inFlight.figures;
    gauge("fermata_requests_slots", "Requests that are worked on at most.").set(requests.slots);
    gauge("fermata_requests_running", "Requests that are worked on.").set(requests.running);
    gauge("fermata_requests_waiting", "Requests that wait for a slot.").set(requests.waiting);
    gauge(
      "fermata_requests_refused",
      "Requests that were refused since the process began, because it was busy.",
    ).set(requests.refused);
    await this.#ofDatabase(ctx, gauge);
    return registry;
  }

  /** While the database is away the rest is told all the same. */
  async #ofDatabase(ctx: Services, gauge: Instruments["gauge"]): Promise<void> {
    const up = gauge("fermata_database_up", "Whether the database answers.");
    try {
      const [outbox, missing, runs, queued] = await Promise.all([
        readOutbox(ctx),
        readMissingBytes(ctx),
        ctx.pool.query<{ job: string; at: Date | null; failed: number }>(
          `SELECT "job", max("finishedAt") FILTER (WHERE "status" = 'succeeded') AS at,
             (count(*) FILTER (WHERE "status" IN ('failed', 'lost')))::int AS failed
           FROM "CronRun" WHERE "startedAt" > $1 GROUP BY "job"`,
          [new Date(ctx.clock.now().getTime() - 8 * 86_400_000)],
        ),
        ctx.pool.query<{ status: string; count: number }>(
          `SELECT "status"::text, count(*)::int AS count FROM "QueuedJob"
           WHERE "finishedAt" IS NULL OR "finishedAt" > $1 GROUP BY "status"`,
          [new Date(ctx.clock.now().getTime() - 86_400_000)],
        ),
      ]);
      gauge("fermata_outbox_waiting", "Objects that wait to be deleted.").set(outbox.waiting);
      gauge("fermata_outbox_refused", "Of them, those that the store refused often.").set(
        outbox.refused,
      );
      gauge("fermata_outbox_oldest_seconds", "How long the oldest of them waits.").set(
        outbox.oldestAt ? (ctx.clock.now().getTime() - outbox.oldestAt.getTime()) / 1000 : 0,
      );
      gauge("fermata_missing_objects", "Ready rows whose bytes the last look did not find.").set(
        missing,
      );
      const succeeded = gauge(
        "fermata_job_last_success_timestamp_seconds",
        "When a job last succeeded, within eight days.",
        ["job"],
      );
      const failed = gauge("fermata_job_failures", "Runs that failed within eight days.", ["job"]);
      for (const { job, at, failed: count } of runs.rows) {
        if (at) succeeded.set({ job }, at.getTime() / 1000);
        failed.set({ job }, count);
      }
      const jobs = gauge("fermata_queued_jobs", "Jobs that were asked for, within a day.", [
        "status",
      ]);
      for (const { status, count } of queued.rows) jobs.set({ status }, count);
      up.set(1);
    } catch (err) {
      ctx.log.warn({ err }, "the database's metrics could not be read");
      up.set(0);
    }
  }
}

async function openInstruments(): Promise<Instruments> {
  const { collectDefaultMetrics, Gauge, Histogram, Registry } = await import("prom-client");
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = new Map<string, Gauge>();
  const gauge = (name: string, help: string, labelNames: string[] = []) => {
    const known = gauges.get(name) ?? new Gauge({ name, help, labelNames, registers: [registry] });
    gauges.set(name, known);
    // A job that is no more must not be told of for ever.
    if (labelNames.length > 0) known.reset();
    return known;
  };
  gauge("fermata_build_info", "What runs.", ["version"]).set({ version }, 1);
  const answered = new Histogram({
    name: "fermata_http_request_duration_seconds",
    help: "How long answers took, by route.",
    labelNames: ["route", "status"] as const,
    buckets: bucketSeconds,
    registers: [registry],
  });
  return { registry, answered, gauge };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
