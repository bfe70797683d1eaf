-- What a cron run logged, and what the engine calls it.
ALTER TABLE "CronRun" ADD COLUMN "log" JSONB,
ADD COLUMN "engineRunId" TEXT;
