-- Public media of releases that did not look for the place where they were taken: a job looks at them, once each.
ALTER TABLE "Media" ADD COLUMN "placeSearched" BOOLEAN NOT NULL DEFAULT false;
