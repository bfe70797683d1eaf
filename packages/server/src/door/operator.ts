import type { PoolLike } from "../ground/pool-like";
import type { Connection } from "../hosts/connection";
import type { IceProvider } from "../ports/ice-provider";
import type { ObjectStore } from "../ports/object-store";

/**
 * What programs of whoever runs the app stand on, such as `npx fermata` and the console. It asks for no sign-in: lead no
 * network to it that you have not guarded yourself.
 */
export interface Operator {
  basePath: string;
  /** The PostgreSQL schema of Fermata's tables. */
  schema: string;
  /** What may be done beside the procedures, such as a backup. It finds Fermata's tables without their schema. */
  pool: PoolLike;
  store: {
    name: "disk" | "s3";
    /** Where a disk store keeps its objects. */
    directory: string | null;
    objects: ObjectStore;
  };
  ice: IceProvider;
  /** PostgreSQL's time. */
  now(): Date;
  /** The migrations of this version, by name. Empty where a bundler took the code away from their folder. */
  migrations(): string[];
  /** What is known of Inngest: since when it knows this app, why it does not, and since when it should have called. */
  jobs(): Promise<{
    engine: "embedded" | "inngest";
    appId: string;
    registeredAt: Date | null;
    problem: string | null;
    silentSince: Date | null;
  }>;
  /** Answers as the server's `handler` does, to an admin of this id. URLs in its answers lead to where a request came in. */
  handlerFor(user: OperatorUser): (request: Request, connection?: Connection) => Promise<Response>;
}

export interface OperatorUser {
  /** Whose the files are that come this way. */
  userId: string;
  name?: string | null;
}
