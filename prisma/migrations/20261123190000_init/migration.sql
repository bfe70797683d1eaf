-- CreateEnum
CREATE TYPE "Role" AS ENUM ('admin', 'member');

-- CreateEnum
CREATE TYPE "SessionKind" AS ENUM ('browser', 'token');

-- CreateEnum
CREATE TYPE "UsageKind" AS ENUM ('files', 'media');

-- CreateEnum
CREATE TYPE "FileStatus" AS ENUM ('pending', 'receiving', 'ready');

-- CreateEnum
CREATE TYPE "MediaStatus" AS ENUM ('pending', 'ready', 'failed');

-- CreateEnum
CREATE TYPE "Visibility" AS ENUM ('public', 'private');

-- CreateEnum
CREATE TYPE "CronRunStatus" AS ENUM ('running', 'succeeded', 'failed', 'skipped', 'lost');

-- CreateEnum
CREATE TYPE "CronTrigger" AS ENUM ('schedule', 'manual');

-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT,
    "image" TEXT,
    "emailVerified" TIMESTAMPTZ(3),
    "role" "Role" NOT NULL DEFAULT 'member',
    "passwordHash" TEXT,
    "avatarId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "tokenHash" BYTEA NOT NULL,
    "userId" TEXT NOT NULL,
    "kind" "SessionKind" NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "lastUsedAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Account" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "providerAccountId" TEXT NOT NULL,
    "refresh_token" TEXT,
    "access_token" TEXT,
    "expires_at" INTEGER,
    "token_type" TEXT,
    "scope" TEXT,
    "id_token" TEXT,
    "session_state" TEXT,

    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Invitation" (
    "id" TEXT NOT NULL,
    "tokenHash" BYTEA NOT NULL,
    "userId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Setting" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Setting_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "Usage" (
    "userId" TEXT NOT NULL,
    "kind" "UsageKind" NOT NULL,
    "bytes" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "Usage_pkey" PRIMARY KEY ("userId","kind")
);

-- CreateTable
CREATE TABLE "File" (
    "id" TEXT NOT NULL,
    "uploaderId" TEXT NOT NULL,
    "status" "FileStatus" NOT NULL DEFAULT 'pending',
    "filename" TEXT,
    "objectKey" TEXT NOT NULL,
    "sizeBytes" INTEGER NOT NULL,
    "contentType" TEXT,
    "sha256" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "readyAt" TIMESTAMPTZ(3),
    "attachedAt" TIMESTAMPTZ(3),
    "releasedAt" TIMESTAMPTZ(3),
    "grantTokenHash" BYTEA NOT NULL,
    "grantExpiresAt" TIMESTAMPTZ(3) NOT NULL,
    "grantType" TEXT,
    "grantSizeBytes" INTEGER,
    "grantSha256" TEXT,
    "claimExpiresAt" TIMESTAMPTZ(3),

    CONSTRAINT "File_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Media" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "filename" TEXT NOT NULL,
    "contentType" TEXT NOT NULL,
    "status" "MediaStatus" NOT NULL DEFAULT 'pending',
    "visibility" "Visibility" NOT NULL,
    "sizeBytes" BIGINT,
    "reservedBytes" BIGINT NOT NULL,
    "md5" TEXT,
    "etag" TEXT,
    "failure" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "readyAt" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "width" INTEGER,
    "height" INTEGER,
    "durationSeconds" DOUBLE PRECISION,
    "uploadId" TEXT,
    "partSizeBytes" BIGINT,
    "partCount" INTEGER,

    CONSTRAINT "Media_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MediaPart" (
    "mediaId" TEXT NOT NULL,
    "partNumber" INTEGER NOT NULL,
    "sizeBytes" BIGINT NOT NULL,
    "etag" TEXT NOT NULL,
    "uploadedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "MediaPart_pkey" PRIMARY KEY ("mediaId","partNumber")
);

-- CreateTable
CREATE TABLE "Deletion" (
    "id" BIGSERIAL NOT NULL,
    "bucket" TEXT NOT NULL,
    "objectKey" TEXT NOT NULL,
    "uploadId" TEXT,
    "sizeBytes" BIGINT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "nextAttemptAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lastError" TEXT,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Deletion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Room" (
    "id" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "name" TEXT,
    "capacity" INTEGER NOT NULL,
    "inviteTokenHash" BYTEA NOT NULL,
    "epoch" TEXT NOT NULL,
    "lastSeq" BIGINT NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Room_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Peer" (
    "id" TEXT NOT NULL,
    "roomId" TEXT NOT NULL,
    "userId" TEXT,
    "displayName" TEXT NOT NULL,
    "polite" BOOLEAN NOT NULL,
    "roomTokenHash" BYTEA NOT NULL,
    "resumeTokenHash" BYTEA NOT NULL,
    "joinedSeq" BIGINT NOT NULL,
    "connection" INTEGER NOT NULL DEFAULT 1,
    "joinedAt" TIMESTAMPTZ(3) NOT NULL,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL,
    "leftAt" TIMESTAMPTZ(3),

    CONSTRAINT "Peer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Message" (
    "roomId" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "fromPeerId" TEXT NOT NULL,
    "toPeerId" TEXT,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "sentAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Message_pkey" PRIMARY KEY ("roomId","seq")
);

-- CreateTable
CREATE TABLE "TurnGrant" (
    "id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "roomId" TEXT,
    "subject" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "TurnGrant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CronJob" (
    "name" TEXT NOT NULL,
    "pausedAt" TIMESTAMPTZ(3),
    "pausedBy" TEXT,

    CONSTRAINT "CronJob_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "CronRun" (
    "id" TEXT NOT NULL,
    "job" TEXT NOT NULL,
    "slot" TIMESTAMPTZ(3) NOT NULL,
    "trigger" "CronTrigger" NOT NULL,
    "status" "CronRunStatus" NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "finishedAt" TIMESTAMPTZ(3),
    "leaseExpiresAt" TIMESTAMPTZ(3) NOT NULL,
    "result" JSONB,
    "error" TEXT,

    CONSTRAINT "CronRun_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE UNIQUE INDEX "User_avatarId_key" ON "User"("avatarId");

-- CreateIndex
CREATE UNIQUE INDEX "Session_tokenHash_key" ON "Session"("tokenHash");

-- CreateIndex
CREATE INDEX "Session_userId_createdAt_idx" ON "Session"("userId", "createdAt");

-- CreateIndex
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");

-- CreateIndex
CREATE INDEX "Account_userId_idx" ON "Account"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "Account_provider_providerAccountId_key" ON "Account"("provider", "providerAccountId");

-- CreateIndex
CREATE UNIQUE INDEX "Invitation_tokenHash_key" ON "Invitation"("tokenHash");

-- CreateIndex
CREATE INDEX "Invitation_userId_idx" ON "Invitation"("userId");

-- CreateIndex
CREATE INDEX "Invitation_expiresAt_idx" ON "Invitation"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "File_objectKey_key" ON "File"("objectKey");

-- CreateIndex
CREATE UNIQUE INDEX "File_grantTokenHash_key" ON "File"("grantTokenHash");

-- CreateIndex
CREATE INDEX "File_uploaderId_createdAt_id_idx" ON "File"("uploaderId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "File_status_grantExpiresAt_idx" ON "File"("status", "grantExpiresAt");

-- CreateIndex
CREATE INDEX "File_status_readyAt_idx" ON "File"("status", "readyAt");

-- CreateIndex
CREATE UNIQUE INDEX "Media_key_key" ON "Media"("key");

-- CreateIndex
CREATE INDEX "Media_userId_createdAt_id_idx" ON "Media"("userId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Media_status_expiresAt_idx" ON "Media"("status", "expiresAt");

-- CreateIndex
CREATE INDEX "Deletion_deletedAt_nextAttemptAt_idx" ON "Deletion"("deletedAt", "nextAttemptAt");

-- CreateIndex
CREATE INDEX "Deletion_objectKey_idx" ON "Deletion"("objectKey");

-- CreateIndex
CREATE UNIQUE INDEX "Room_inviteTokenHash_key" ON "Room"("inviteTokenHash");

-- CreateIndex
CREATE INDEX "Room_ownerId_createdAt_id_idx" ON "Room"("ownerId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Room_expiresAt_idx" ON "Room"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "Peer_roomTokenHash_key" ON "Peer"("roomTokenHash");

-- CreateIndex
CREATE UNIQUE INDEX "Peer_resumeTokenHash_key" ON "Peer"("resumeTokenHash");

-- CreateIndex
CREATE INDEX "Peer_roomId_joinedAt_idx" ON "Peer"("roomId", "joinedAt");

-- CreateIndex
CREATE INDEX "Peer_userId_idx" ON "Peer"("userId");

-- CreateIndex
CREATE INDEX "Message_sentAt_idx" ON "Message"("sentAt");

-- CreateIndex
CREATE INDEX "TurnGrant_subject_createdAt_idx" ON "TurnGrant"("subject", "createdAt");

-- CreateIndex
CREATE INDEX "TurnGrant_createdAt_idx" ON "TurnGrant"("createdAt");

-- CreateIndex
CREATE INDEX "TurnGrant_expiresAt_idx" ON "TurnGrant"("expiresAt");

-- CreateIndex
CREATE INDEX "CronRun_job_startedAt_idx" ON "CronRun"("job", "startedAt");

-- CreateIndex
CREATE INDEX "CronRun_startedAt_idx" ON "CronRun"("startedAt");

-- CreateIndex
CREATE UNIQUE INDEX "CronRun_job_slot_key" ON "CronRun"("job", "slot");

-- AddForeignKey
ALTER TABLE "User" ADD CONSTRAINT "User_avatarId_fkey" FOREIGN KEY ("avatarId") REFERENCES "File"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Account" ADD CONSTRAINT "Account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Usage" ADD CONSTRAINT "Usage_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "File" ADD CONSTRAINT "File_uploaderId_fkey" FOREIGN KEY ("uploaderId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Media" ADD CONSTRAINT "Media_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MediaPart" ADD CONSTRAINT "MediaPart_mediaId_fkey" FOREIGN KEY ("mediaId") REFERENCES "Media"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Room" ADD CONSTRAINT "Room_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Peer" ADD CONSTRAINT "Peer_roomId_fkey" FOREIGN KEY ("roomId") REFERENCES "Room"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Peer" ADD CONSTRAINT "Peer_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_roomId_fkey" FOREIGN KEY ("roomId") REFERENCES "Room"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows cannot be said in schema.prisma.

-- At most one run of a job at a time, across any number of processes and engines.
CREATE UNIQUE INDEX "CronRun_one_running" ON "CronRun" ("job") WHERE "status" = 'running';

-- Quotas: the trigger's update locks the user's usage row until the granting transaction ends,
-- so concurrent grants are counted one after the other.
CREATE FUNCTION fermata_count_bytes(owner text, what "UsageKind", delta bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF delta > 0 THEN
    INSERT INTO "Usage" ("userId", "kind", "bytes") VALUES (owner, what, delta)
    ON CONFLICT ("userId", "kind") DO UPDATE SET "bytes" = "Usage"."bytes" + delta;
  ELSIF delta < 0 THEN
    -- No insert: the user may be going away in this very statement.
    UPDATE "Usage" SET "bytes" = "bytes" + delta WHERE "userId" = owner AND "kind" = what;
  END IF;
END $$;

CREATE FUNCTION fermata_file_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fermata_count_bytes("uploaderId", 'files', sum("sizeBytes")) FROM added GROUP BY "uploaderId" ORDER BY "uploaderId";
  RETURN NULL;
END $$;

CREATE FUNCTION fermata_file_resized() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fermata_count_bytes(NEW."uploaderId", 'files', NEW."sizeBytes" - OLD."sizeBytes");
  RETURN NULL;
END $$;

-- The outbox: bytes are deleted after the row, never forgotten, also when a cascade deleted it.
CREATE FUNCTION fermata_file_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fermata_count_bytes("uploaderId", 'files', -sum("sizeBytes")) FROM gone GROUP BY "uploaderId" ORDER BY "uploaderId";
  INSERT INTO "Deletion" ("bucket", "objectKey", "sizeBytes") SELECT 'files', "objectKey", "sizeBytes" FROM gone;
  RETURN NULL;
END $$;

CREATE TRIGGER "File_inserted" AFTER INSERT ON "File"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fermata_file_inserted();
CREATE TRIGGER "File_resized" AFTER UPDATE OF "sizeBytes" ON "File"
  FOR EACH ROW WHEN (OLD."sizeBytes" IS DISTINCT FROM NEW."sizeBytes") EXECUTE FUNCTION fermata_file_resized();
CREATE TRIGGER "File_deleted" AFTER DELETE ON "File"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION fermata_file_deleted();

CREATE FUNCTION fermata_media_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fermata_count_bytes("userId", 'media', sum("reservedBytes")::bigint) FROM added GROUP BY "userId" ORDER BY "userId";
  RETURN NULL;
END $$;

CREATE FUNCTION fermata_media_resized() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fermata_count_bytes(NEW."userId", 'media', NEW."reservedBytes" - OLD."reservedBytes");
  RETURN NULL;
END $$;

CREATE FUNCTION fermata_media_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fermata_count_bytes("userId", 'media', -sum("reservedBytes")::bigint) FROM gone GROUP BY "userId" ORDER BY "userId";
  INSERT INTO "Deletion" ("bucket", "objectKey", "uploadId", "sizeBytes")
    SELECT 'media-' || "visibility", "key", "uploadId", coalesce("sizeBytes", 0) FROM gone;
  RETURN NULL;
END $$;

CREATE TRIGGER "Media_inserted" AFTER INSERT ON "Media"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fermata_media_inserted();
CREATE TRIGGER "Media_resized" AFTER UPDATE OF "reservedBytes" ON "Media"
  FOR EACH ROW WHEN (OLD."reservedBytes" IS DISTINCT FROM NEW."reservedBytes") EXECUTE FUNCTION fermata_media_resized();
CREATE TRIGGER "Media_deleted" AFTER DELETE ON "Media"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION fermata_media_deleted();
