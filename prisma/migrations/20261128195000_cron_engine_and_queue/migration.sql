-- What an engine was last heard of, what it costs, runs that wait for their time, and jobs that are asked for one by one.
ALTER TABLE "CronRun" ADD COLUMN     "attempt" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "resumeAt" TIMESTAMPTZ(3),
ADD COLUMN     "engineEventId" TEXT;

CREATE TABLE "CronEngine" (
    "appId" TEXT NOT NULL,
    "registeredAt" TIMESTAMPTZ(3),
    "functionsHash" TEXT,
    "problem" TEXT,
    "problemAt" TIMESTAMPTZ(3),
    "lastCalledAt" TIMESTAMPTZ(3),

    CONSTRAINT "CronEngine_pkey" PRIMARY KEY ("appId")
);

CREATE TABLE "CronUsage" (
    "appId" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "executions" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "CronUsage_pkey" PRIMARY KEY ("appId","day")
);

CREATE TYPE "QueuedJobStatus" AS ENUM ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'lost');

CREATE TABLE "QueuedJob" (
    "id" TEXT NOT NULL,
    "job" TEXT NOT NULL,
    "input" JSONB NOT NULL,
    "status" "QueuedJobStatus" NOT NULL DEFAULT 'queued',
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "runAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),
    "leaseExpiresAt" TIMESTAMPTZ(3),
    "result" JSONB,
    "error" TEXT,
    "log" JSONB,
    "engineRunId" TEXT,

    CONSTRAINT "QueuedJob_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "CronStep" (
    "runId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "finishedAt" TIMESTAMPTZ(3),
    "wakeAt" TIMESTAMPTZ(3),
    "output" JSONB,
    "error" TEXT,

    CONSTRAINT "CronStep_pkey" PRIMARY KEY ("runId","name")
);

CREATE INDEX "QueuedJob_job_createdAt_id_idx" ON "QueuedJob"("job", "createdAt", "id");

CREATE INDEX "QueuedJob_finishedAt_idx" ON "QueuedJob"("finishedAt");

-- The two that are looked through again and again hold only what is not over.
CREATE INDEX "QueuedJob_due" ON "QueuedJob" ("runAt") WHERE "status" = 'queued';

CREATE INDEX "QueuedJob_running" ON "QueuedJob" ("leaseExpiresAt") WHERE "status" = 'running';

CREATE INDEX "CronRun_waiting" ON "CronRun" ("resumeAt") WHERE "resumeAt" IS NOT NULL;
