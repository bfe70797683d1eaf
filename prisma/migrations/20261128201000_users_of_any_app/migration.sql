-- A user is whoever the app says: an id here is text, and no row of ours stands behind it. What a user leaves behind is
-- deleted by one verb, which knows every table.
ALTER TABLE "Usage" DROP CONSTRAINT "Usage_userId_fkey";
ALTER TABLE "File" DROP CONSTRAINT "File_uploaderId_fkey";
ALTER TABLE "Media" DROP CONSTRAINT "Media_userId_fkey";
ALTER TABLE "ImportedFile" DROP CONSTRAINT "ImportedFile_userId_fkey";
ALTER TABLE "Room" DROP CONSTRAINT "Room_ownerId_fkey";
ALTER TABLE "Peer" DROP CONSTRAINT "Peer_userId_fkey";

-- A quota may be one that several share.
ALTER TABLE "File" ADD COLUMN "quotaSubject" TEXT;
ALTER TABLE "Media" ADD COLUMN "quotaSubject" TEXT;

CREATE OR REPLACE FUNCTION fermata_file_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fermata_count_bytes(subject, 'files', bytes) FROM (
    SELECT coalesce("quotaSubject", "uploaderId") AS subject, sum("sizeBytes") AS bytes FROM added GROUP BY 1 ORDER BY 1) counted;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION fermata_file_resized() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fermata_count_bytes(coalesce(NEW."quotaSubject", NEW."uploaderId"), 'files', NEW."sizeBytes" - OLD."sizeBytes");
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION fermata_file_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fermata_count_bytes(subject, 'files', -bytes) FROM (
    SELECT coalesce("quotaSubject", "uploaderId") AS subject, sum("sizeBytes") AS bytes FROM gone GROUP BY 1 ORDER BY 1) counted;
  INSERT INTO "Deletion" ("bucket", "objectKey", "sizeBytes", "userId", "storageId")
    SELECT 'files', "objectKey", "sizeBytes", CASE WHEN "status" = 'ready' THEN "uploaderId" END, "id" FROM gone;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION fermata_media_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fermata_count_bytes(subject, 'media', bytes) FROM (
    SELECT coalesce("quotaSubject", "userId") AS subject, sum("reservedBytes")::bigint AS bytes FROM added GROUP BY 1 ORDER BY 1) counted;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION fermata_media_resized() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fermata_count_bytes(coalesce(NEW."quotaSubject", NEW."userId"), 'media', NEW."reservedBytes" - OLD."reservedBytes");
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION fermata_media_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fermata_count_bytes(subject, 'media', -bytes) FROM (
    SELECT coalesce("quotaSubject", "userId") AS subject, sum("reservedBytes")::bigint AS bytes FROM gone GROUP BY 1 ORDER BY 1) counted;
  INSERT INTO "Deletion" ("bucket", "objectKey", "uploadId", "sizeBytes")
    SELECT 'media-' || "visibility", "key", "uploadId", coalesce("sizeBytes", 0) FROM gone;
  RETURN NULL;
END $$;
