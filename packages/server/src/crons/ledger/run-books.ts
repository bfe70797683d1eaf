import type { Services } from "../../context";
import type { Prisma } from "../../generated/prisma/client";

/** What changes of a run while it is worked on. */
export interface RunChange {
  leaseExpiresAt?: Date;
  finishedAt?: Date;
  status?: "succeeded" | "failed";
  result?: Prisma.InputJsonValue;
  error?: string | null;
  log?: Prisma.InputJsonObject;
}

/** Where runs stand: those of schedules in the ledger, those that were asked for one by one in the queue. */
export interface RunBook {
  /** @returns false when the run was given up before */
  change(ctx: Services, runId: string, change: RunChange): Promise<boolean>;
  /** Lets nobody work on it until an instant. */
  suspend(
    ctx: Services,
    runId: string,
    wait: {
      until: Date;
      attempt: number;
      /** Why the attempt before failed; null in a sleep. */
      error: string | null;
      log?: Prisma.InputJsonObject | undefined;
    },
  ): Promise<boolean>;
}

/** How long a run that waits may stay without a worker once its time has come. */
const WAKE_SECONDS = 86_400;

export const ledgerBook: RunBook = {
  async change({ db }, id, data) {
    const { count } = await db.cronRun.updateMany({ where: { id, status: "running" }, data });
    return count === 1;
  },
  async suspend({ db }, id, { until, attempt, error, log }) {
    const { count } = await db.cronRun.updateMany({
      where: { id, status: "running" },
      data: {
        resumeAt: until,
        attempt,
        leaseExpiresAt: new Date(until.getTime() + WAKE_SECONDS * 1000),
        error,
        ...(log && { log }),
      },
    });
    return count === 1;
  },
};

export const queueBook: RunBook = {
  async change({ db }, id, data) {
    const { count } = await db.queuedJob.updateMany({ where: { id, status: "running" }, data });
    return count === 1;
  },
  async suspend({ db }, id, { until, attempt, error, log }) {
    const { count } = await db.queuedJob.updateMany({
      where: { id, status: "running" },
      data: {
        status: "queued",
        runAt: until,
        attempt,
        leaseExpiresAt: null,
        error,
        ...(log && { log }),
      },
    });
    return count === 1;
  },
};
