-- The app's rule that an upload was granted by.
ALTER TABLE "File" ADD COLUMN "rule" TEXT, ADD COLUMN "ruleInput" JSONB;
ALTER TABLE "Media" ADD COLUMN "rule" TEXT, ADD COLUMN "ruleInput" JSONB;
