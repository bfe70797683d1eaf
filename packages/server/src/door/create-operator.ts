import { migrationNames } from "@fermata/migrations";
import type { Services } from "../context";
import { readEngineState } from "../crons/engine/engine-state";
import type { PoolLike } from "../ground/pool-like";
import type { FetchHost } from "../hosts/fetch";
import type { UserIdentity } from "../identity";
import type { Operator, OperatorUser } from "./operator";
import type { OpenedStore } from "./store-factory";

interface OperatorParts {
  services: Services;
  schema: string;
  store: OpenedStore;
  migrationsDir: string | undefined;
  appId: string;
  hostFor(services: Services, identity: UserIdentity): FetchHost;
}

export function createOperator(parts: OperatorParts): Operator {
  const { services, schema, store, migrationsDir, appId } = parts;
  // Browsers come to these programs, and not to the app.
  const config = { ...services.config, publicOrigin: null, filesOrigin: null, allowedOrigins: [] };
  return {
    basePath: config.basePath,
    schema,
    pool: services.pool as unknown as PoolLike,
    store: { name: store.name, directory: store.directory ?? null, objects: store.objects },
    ice: services.ice,
    now: () => services.clock.now(),
    migrations: () => (migrationsDir ? migrationNames(migrationsDir) : []),
    async jobs() {
      const { registeredAt, problem, silentSince } = await readEngineState(services, appId);
      return { engine: services.jobs.engine, appId, registeredAt, problem, silentSince };
    },
    handlerFor: (user) => parts.hostFor({ ...services, config }, identityOf(user)).handle,
  };
}

function identityOf({ userId, name = null }: OperatorUser): UserIdentity {
  return {
    kind: "user",
    userId,
    name,
    tenantId: null,
    sessionId: null,
    role: "admin",
  };
}
