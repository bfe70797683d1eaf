-- An upload in parts that a second session goes on with is completed by whoever names its parts.
ALTER TABLE "Media" ADD COLUMN "takenUp" BOOLEAN NOT NULL DEFAULT false;
