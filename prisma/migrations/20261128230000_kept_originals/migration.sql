-- Where a public picture or film said in which place it was taken: what is public is a copy without it, and the original is
-- kept in the private bucket, under the same key.
ALTER TABLE "Media" ADD COLUMN "keepsOriginal" BOOLEAN NOT NULL DEFAULT false;
