-- Whose the store of bytes is, and what sweeps found in it that no row names.

CREATE TYPE "StoreStanding" AS ENUM ('ours', 'unproven', 'foreign', 'copied', 'behind');

CREATE TYPE "StrayReason" AS ENUM ('released', 'unfinished');

CREATE TYPE "StrayDecision" AS ENUM ('delete', 'keep');

CREATE TABLE "Installation" (
    "id" TEXT NOT NULL,
    "installationId" TEXT NOT NULL,
    "database" TEXT,
    "turn" INTEGER NOT NULL DEFAULT 0,
    "standing" "StoreStanding" NOT NULL,
    "boundAt" TIMESTAMPTZ(3),
    "bornHere" BOOLEAN NOT NULL,
    "holdsBack" BOOLEAN NOT NULL DEFAULT false,
    "foundId" TEXT,
    "checkedAt" TIMESTAMPTZ(3) NOT NULL,
    "askedAt" TIMESTAMPTZ(3),
    "askedOfSeen" INTEGER,

    CONSTRAINT "Installation_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Stray" (
    "bucket" TEXT NOT NULL,
    "objectKey" TEXT NOT NULL,
    "sizeBytes" BIGINT NOT NULL,
    "modifiedAt" TIMESTAMPTZ(3) NOT NULL,
    "firstSeenAt" TIMESTAMPTZ(3) NOT NULL,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL,
    "reason" "StrayReason",
    "decision" "StrayDecision",
    "decidedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Stray_pkey" PRIMARY KEY ("bucket", "objectKey")
);

CREATE INDEX "Stray_firstSeenAt_idx" ON "Stray"("firstSeenAt");
