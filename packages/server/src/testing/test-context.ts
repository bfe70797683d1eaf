import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase } from "@fermata/embedded/testing";
import { createStunOnlyIceProvider } from "../adapters/ice/stun-only";
import { createDiskObjectStore } from "../adapters/object-store/disk";
import { createInProcessRoomBus } from "../adapters/room-bus/in-process";
import { appRouter } from "../app-router";
import type { JobContext, RequestContext, Services } from "../context";
import { createSteps } from "../crons/engine/steps";
import { cronJobs } from "../crons/registry";
import { defaultBasePath } from "../ground/base-path";
import { openDatabase } from "../ground/db";
import { newId } from "../ground/secrets";
import { poolTransaction } from "../ground/shared-transaction";
import { InFlight } from "../limits/in-flight";
import { createRateLimiter } from "../limits/rate-limiter";
import { recordPart } from "../media/uploads/record-part";
import { uploadState } from "../media/uploads/upload-state";
import { ProcessGauge } from "../operations/process-gauge";
import { createSession } from "../studio/auth/create-session";
import { describeUsers } from "../studio/auth/describe-users";
import { resolveToken } from "../studio/auth/resolve-token";
import { studioOwners } from "../studio/file-owners";
import { createCallerFactory } from "../trpc";
import { openWorkbench } from "../workbench/open-workbench";
import { silentLog } from "./silent-log";

/** A clock that tests move. */
export class TestClock {
  #offsetMs = 0;
  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }
  advance(seconds: number): void {
    this.#offsetMs += seconds * 1000;
  }
}

function absent<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get: () => {
      throw new Error(`this test's context has no ${name}: pass one to createTestServices`);
    },
  });
}

export interface TestServices extends Services {
  clock: TestClock;
  /** Drops the database and closes what was opened. */
  dispose(): Promise<void>;
}

/** Services on a fresh, migrated PostgreSQL database of their own. Ports that a test does not use need not be given. */
export async function createTestServices(overrides: Partial<Services> = {}): Promise<TestServices> {
  const database = await createTestDatabase();
  const services = await createServicesOn(database.url, overrides);
  return {
    ...services,
    async dispose() {
      await services.dispose();
      await database.drop();
    },
  };
}

/** The same on a database that is there, for another process of a test. */
export async function createServicesOn(
  url: string,
  overrides: Partial<Services> = {},
): Promise<TestServices> {
  const { db, pool, close } = openDatabase({ url, log: silentLog });
  const clock = new TestClock();
  const workbench = openWorkbench();
  const gauge = new ProcessGauge();
  const dir = await mkdtemp(join(tmpdir(), "fermata-test-"));
  return {
    config: {
      publicOrigin: null,
      basePath: defaultBasePath,
      filesOrigin: null,
      allowedOrigins: [],
      mirrorUrl: null,
      urlSecret: "a secret that only tests know, long enough",
      filesQuotaBytes: 100 * 1024 * 1024,
      mediaQuotaBytes: 1024 * 1024 * 1024,
      sessionDays: 30,
      database: "embedded",
      objectStore: "disk",
      signInProviders: [],
    },
    db,
    pool,
    log: silentLog,
    objects: createDiskObjectStore({
      dir,
      secret: "another that only tests know",
      clock,
      onPart: (part) => recordPart({ db, clock }, part),
      stateOf: (upload) => uploadState({ pool }, upload),
    }),
    workbench,
    ice: createStunOnlyIceProvider(),
    bus: createInProcessRoomBus(),
    jobs: absent("job queue"),
    crons: cronJobs(),
    owners: studioOwners,
    quota: null,
    uploads: {},
    transaction: poolTransaction(pool),
    describeUsers: (userIds) => describeUsers(db, userIds),
    limits: createRateLimiter({ pool, clock }),
    inFlight: new InFlight({ pool, log: silentLog }),
    process: gauge,
    metrics: null,
    checks: async () => [],
    notifier: null,
    ...overrides,
    clock,
    async dispose() {
      gauge.stop();
      await workbench.close();
      await close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export async function createTestUser(services: Services, role: "admin" | "member" = "member") {
  const id = newId();
  return services.db.user.create({
    data: { id, email: `${id.toLowerCase()}@example.com`, role, createdAt: services.clock.now() },
  });
}

/** The context of a request that bears this token, resolved as the server would. */
export async function requestContext(
  services: Services,
  token: string | null = null,
): Promise<RequestContext> {
  return {
    ...services,
    requestId: newId(),
    origin: "http://fermata.test",
    clientAddress: "127.0.0.1",
    identity: await resolveToken(services, token),
  };
}

const createCaller = createCallerFactory(appRouter);

/** Calls procedures as somebody: with a user's fresh session, a token of any kind, or nobody's. */
export async function callerFor(services: Services, who: { id: string } | string | null) {
  const token =
    who === null || typeof who === "string"
      ? who
      : (await createSession(services, { userId: who.id, kind: "token", name: "test" })).token;
  return createCaller(await requestContext(services, token));
}

export function jobContext(services: Services, job = "test"): JobContext {
  const { signal } = new AbortController();
  const step = createSteps(services, "test", { signal, onSleep: () => {} });
  return { ...services, job, runId: "test", attempt: 1, step, signal };
}
