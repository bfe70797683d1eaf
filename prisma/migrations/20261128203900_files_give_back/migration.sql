-- A failed attempt at an upload URL gives its reservation back, and the next one reserves again.
ALTER TABLE "File" ADD COLUMN "grantMaxBytes" INTEGER, ADD COLUMN "grantQuotaBytes" BIGINT;
