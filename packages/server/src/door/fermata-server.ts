import type { Inngest, InngestFunction } from "inngest";
import type { Transaction } from "../ground/transaction";
import type { Connection } from "../hosts/connection";
import type { libraryRoutes } from "../library-routes";
import type { StoredMedia } from "../media/verbs/read-media";
import type { ReadinessCheck } from "../operations/readiness-check";
import type { UploadRules } from "../uploads/upload-rule";
import type { errorFormatter } from "./error-formatter";
import type { Operator } from "./operator";

/** What an app has of Fermata. */
export interface FermataServer<Rules extends UploadRules = UploadRules> {
  /** Answers everything below `basePath`: procedures, uploads, downloads, objects of a disk store, Inngest, health, ready. */
  handler: (request: Request, connection?: Connection) => Promise<Response>;
  /** The same procedures for a tRPC router of your own, whose context has `req: Request`. */
  routers: typeof libraryRoutes;
  /** For that router: keeps `appCode` and `details` in the errors of ours. */
  errorFormatter: typeof errorFormatter;
  files: {
    /**
     * Lets a row of yours refer to a file, in the transaction that writes the row: the uploader's alone, ready, and nobody
     * else's. @throws AppError NOT_FOUND, CONFLICT
     */
    attach(
      tx: Transaction,
      file: { storageId: string; userId: string },
    ): Promise<{ storageId: string; contentType: string }>;
    /** Says that the row has ceased to refer to it: a day later the file is purged, unless something else does. */
    release(tx: Transaction, file: { storageId: string }): Promise<void>;
    /** Keeps a file for an owner that is no table of this database, by name. To say it again changes nothing. */
    keep(file: { storageId: string; owner: string }): Promise<void>;
    letGo(file: { storageId: string; owner: string }): Promise<void>;
    /** Stores bytes as a file of a user's, of at most 5 MiB, with all that is checked of an upload. */
    store(
      bytes: Uint8Array | AsyncIterable<Uint8Array>,
      file: { ownerId: string; tenantId?: string | null; contentType?: string; filename?: string },
    ): Promise<{ storageId: string }>;
    /** Anybody's file with its bytes, to be read once; null for none. */
    get(storageId: string): Promise<{
      storageId: string;
      ownerId: string;
      filename: string | null;
      contentType: string;
      sizeBytes: number;
      body: ReadableStream<Uint8Array>;
    } | null>;
  };
  media: {
    /**
     * Lets a row of yours refer to media, in the transaction that writes the row: their user's alone, and ready. Media are
     * never purged; a foreign key to `fermata."Media" (key)` keeps them from being deleted under the row.
     * @throws AppError NOT_FOUND
     */
    attach(
      tx: Transaction,
      media: { key: string; userId: string },
    ): Promise<{ key: string; contentType: string }>;
    /** Says that the row has ceased to refer to them. They stay until their user deletes them. */
    release(tx: Transaction, media: { key: string }): Promise<void>;
    /** Keeps media from being deleted by their user, for an owner by name. To say it again changes nothing. */
    keep(media: { key: string; owner: string }): Promise<void>;
    letGo(media: { key: string; owner: string }): Promise<void>;
    /** Stores bytes as media of a user's, of at most 64 MiB, with all that is checked of an upload. */
    store(
      bytes: Uint8Array | AsyncIterable<Uint8Array>,
      media: {
        ownerId: string;
        tenantId?: string | null;
        contentType: string;
        filename: string;
        visibility?: "public" | "private";
      },
    ): Promise<{ key: string }>;
    /** Anybody's ready media with their bytes, to be read once; null for none. */
    get(key: string): Promise<StoredMedia | null>;
  };
  /** Jobs that were declared with `crons.onDemand`. */
  jobs: {
    /**
     * Asks for a job in your own transaction: it runs once that is committed, exactly as often as it was asked for.
     * @param input JSON of at most 256 KiB
     * @throws AppError NOT_FOUND for a job that is not declared, INVALID_INPUT
     */
    enqueue(
      tx: Transaction,
      name: string,
      input?: unknown,
      options?: {
        runAt?: Date;
        /** Of the request that asks, for the log of the run. */
        requestId?: string;
      },
    ): Promise<{ jobId: string }>;
    /** False when it has begun, is over, or never was. */
    cancel(tx: Transaction, jobId: string): Promise<{ cancelled: boolean }>;
  };
  users: {
    /** Deletes everything of a user's. Bytes follow within minutes. */
    delete(userId: string): Promise<void>;
  };
  /** For programs of whoever runs the app: `npx fermata`, and the console. */
  readonly operator: Operator;
  /** Makes Fermata's own tables what this version needs; yours are never touched. @throws MigrationError */
  migrate(): Promise<{ applied: string[] }>;
  /** Looks at what the server stands on: the database, its migrations, the store, the columns that own files. */
  check(): Promise<ReadinessCheck[]>;
  /** To be served beside functions of your own; or `basePath/inngest` serves them. */
  inngestFunctions: InngestFunction.Any[];
  inngestClient: Inngest;
  /**
   * For a process that stays up: registers with Inngest at this address of `basePath/inngest`, watches its jobs, and tells
   * the notifier of what an operator must do.
   */
  start(address: { url: string }): Promise<void>;
  close(): Promise<void>;
  /** The rules of uploads, for the types of clients. */
  readonly uploads: Rules;
}
