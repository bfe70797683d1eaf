import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase } from "@fermata/embedded/testing";
import { createStunOnlyIceProvider } from "../adapters/ice/stun-only";
import { createDiskObjectStore } from "../adapters/object-store/disk";
import { createInProcessRoomBus } from "../adapters/room-bus/in-process";
import type { JobContext, RequestContext, Services } from "../context";
import { createSteps } from "../crons/engine/steps";
import { cronJobs } from "../crons/registry";
import { attachFile, releaseFile } from "../files/verbs/attach-file";
import { defaultBasePath } from "../ground/base-path";
import { openDatabase } from "../ground/db";
import { inTransaction } from "../ground/in-transaction";
import { newId } from "../ground/secrets";
import { poolTransaction } from "../ground/shared-transaction";
import { fromPg } from "../ground/transaction";
import { libraryRoutes } from "../library-routes";
import { InFlight } from "../limits/in-flight";
import { createRateLimiter } from "../limits/rate-limiter";
import { completeWhenWhole } from "../media/uploads/complete-when-whole";
import { recordPart } from "../media/uploads/record-part";
import { uploadState } from "../media/uploads/upload-state";
import { ProcessGauge } from "../operations/process-gauge";
import type { FileOwner } from "../ports/file-owner";
import { resolveRoomToken } from "../rooms/seats/resolve-room-token";
import { createCallerFactory, router } from "../trpc";
import { openWorkbench } from "../workbench/open-workbench";
import { silentLog } from "./silent-log";

const userTokenPrefix = "test-user:";

/** What may own a file in the app that tests stand for. */
const testOwners: FileOwner[] = [
  {
    table: "User",
    column: "avatarId",
    relation: "user.avatar",
    whenFileDeleted: "clear",
  },
];

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
  const services: TestServices = {
    config: {
      publicOrigin: null,
      basePath: defaultBasePath,
      filesOrigin: null,
      allowedOrigins: [],
      mirrorUrl: null,
      commandLine: "npx fermata",
      urlSecret: "a secret that only tests know, long enough",
      filesQuotaBytes: 100 * 1024 * 1024,
      mediaQuotaBytes: 1024 * 1024 * 1024,
      objectStore: "disk",
    },
    db,
    pool,
    log: silentLog,
    objects: createDiskObjectStore({
      dir,
      secret: "another that only tests know",
      clock,
      onPart: (part) => recordPart({ db, clock }, part),
      completeWithLast: (upload, origin) => completeWhenWhole({ ...services, origin }, upload),
      stateOf: (upload) => uploadState({ pool }, upload),
    }),
    workbench,
    ice: createStunOnlyIceProvider(),
    bus: createInProcessRoomBus(),
    jobs: absent("job queue"),
    crons: cronJobs(),
    owners: testOwners,
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
  return services;
}

export async function createTestUser(services: Services, role: "admin" | "member" = "member") {
  const id = newId();
  return services.db.user.create({
    data: { id, email: `${id.toLowerCase()}@example.com`, role, createdAt: services.clock.now() },
  });
}

/** What a user of `createTestUser` signs in with. */
export const tokenOf = ({ id }: { id: string }) => `${userTokenPrefix}${id}`;

/** The context of a request that bears this token: a user's, or a room's. */
export async function requestContext(
  services: Services,
  token: string | null = null,
): Promise<RequestContext> {
  return {
    ...services,
    requestId: newId(),
    origin: "http://fermata.test",
    clientAddress: "127.0.0.1",
    identity: token === null ? null : await identityOf(services, token),
  };
}

async function identityOf(services: Services, token: string): Promise<RequestContext["identity"]> {
  if (!token.startsWith(userTokenPrefix)) return resolveRoomToken(services, token);
  const id = token.slice(userTokenPrefix.length);
  const user = await services.db.user.findUnique({ where: { id } });
  if (!user) return null;
  const { name, role } = user;
  return { kind: "user", userId: id, tenantId: null, name, role, sessionId: null };
}

async function describeUsers(db: Services["db"], userIds: string[]) {
  const users = await db.user.findMany({ where: { id: { in: userIds } } });
  return new Map(users.map(({ id, name, email }) => [id, { name, email }]));
}

/** A row of the app's that owns a picture; the former one is released. */
export async function wear(
  services: Services,
  { id: userId }: { id: string },
  storageId: string,
): Promise<void> {
  const user = await services.db.user.findUniqueOrThrow({ where: { id: userId } });
  await inTransaction(services.pool, async (client) => {
    const tx = fromPg(client);
    await attachFile(services, tx, { storageId, userId });
    await tx.query(`UPDATE "User" SET "avatarId" = $1 WHERE "id" = $2`, [storageId, userId]);
    if (user.avatarId) await releaseFile(services, tx, { storageId: user.avatarId });
  });
}

export const libraryRouter = router(libraryRoutes);
const createCaller = createCallerFactory(libraryRouter);

/** Calls procedures as somebody: as a user, with a token of any kind, or as nobody. */
export async function callerFor(services: Services, who: { id: string } | string | null) {
  const token = who === null || typeof who === "string" ? who : tokenOf(who);
  return createCaller(await requestContext(services, token));
}

export function jobContext(services: Services, job = "test"): JobContext {
  const { signal } = new AbortController();
  const step = createSteps(services, "test", { signal, onSleep: () => {} });
  return { ...services, job, runId: "test", attempt: 1, step, signal };
}
