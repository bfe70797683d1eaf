-- Written down before the work begins, so that content that ends its reader does not come back for ever.
ALTER TABLE "Media" ADD COLUMN "processingAttempts" INTEGER NOT NULL DEFAULT 0;
