-- AlterTable
ALTER TABLE "QueuedJob" ADD COLUMN     "requestId" TEXT,
ADD COLUMN     "traceParent" TEXT;
