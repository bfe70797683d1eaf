import type { Services as LibraryServices } from "@fermata/server/internal";
import { newId, resolveRoomToken } from "@fermata/server/internal";
import { openFileLabOf } from "@fermata/server/testing/file-lab";
import {
  createTestServices as createLibraryServices,
  createServicesOn as createLibraryServicesOn,
  createTestUser,
  type TestServices as LibraryTestServices,
} from "@fermata/server/testing/test-context";
import { appRouter } from "../app-router";
import { createSession } from "../auth/create-session";
import { describeUsers } from "../auth/describe-users";
import { resolveSession } from "../auth/resolve-session";
import type { RequestContext, Services, StudioConfig } from "../context";
import { studioOwners } from "../file-owners";
import { createCallerFactory } from "../trpc";

export { png } from "@fermata/server/testing/file-lab";
export { jobContext } from "@fermata/server/testing/test-context";
export { createTestUser };

export type TestServices = LibraryTestServices & { app: StudioConfig };

const app: StudioConfig = { sessionDays: 30, database: "embedded", signInProviders: [] };

function asStudio(services: LibraryTestServices): TestServices {
  return Object.assign(services, {
    app,
    owners: studioOwners("public"),
    describeUsers: (userIds: string[]) => describeUsers(services.db, userIds),
  });
}

/** The studio's services on a fresh, migrated database of their own. */
export async function createTestServices(
  overrides: Partial<LibraryServices> = {},
): Promise<TestServices> {
  return asStudio(await createLibraryServices(overrides));
}

/** The same on a database that is there, for another process of a test. */
export async function createServicesOn(url: string): Promise<TestServices> {
  return asStudio(await createLibraryServicesOn(url));
}

/** The context of a request that bears this token, resolved as the server would. */
export async function requestContext(
  services: Services,
  token: string | null = null,
): Promise<RequestContext> {
  const identity = token?.startsWith("fmr_")
    ? await resolveRoomToken(services, token)
    : await resolveSession(services, token);
  return {
    ...services,
    requestId: newId(),
    origin: "http://fermata.test",
    clientAddress: "127.0.0.1",
    identity,
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

/** Two users of the studio's with files of their own. */
export const openFileLab = () => openFileLabOf({ createTestServices, callerFor });
