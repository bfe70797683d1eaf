-- A join whose answer was lost is tried again with the same key, and finds the seat that it took.
ALTER TABLE "Peer" ADD COLUMN "joinKeyHash" BYTEA;

-- A send whose answer was lost is tried again with the same key, and finds what it stored. The key stands on the last
-- message of a send; most messages of other programs have none, so the index holds only those that do.
ALTER TABLE "Message" ADD COLUMN "sendKey" TEXT;
CREATE UNIQUE INDEX "Message_sendKey" ON "Message" ("roomId", "fromPeerId", "sendKey") WHERE "sendKey" IS NOT NULL;

-- What a provider knows the credentials by, when their participant went, and when the provider was told.
ALTER TABLE "TurnGrant" ADD COLUMN "username" TEXT,
ADD COLUMN "endedAt" TIMESTAMPTZ(3),
ADD COLUMN "revokedAt" TIMESTAMPTZ(3);
CREATE INDEX "TurnGrant_to_revoke" ON "TurnGrant" ("expiresAt") WHERE "endedAt" IS NOT NULL AND "revokedAt" IS NULL;

-- What went on in rooms, for the charts of a day.
CREATE TABLE "RoomSample" (
    "ownerId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "rooms" INTEGER NOT NULL,
    "peers" INTEGER NOT NULL,
    "messages" INTEGER NOT NULL,
    "turnCredentials" INTEGER NOT NULL,

    CONSTRAINT "RoomSample_pkey" PRIMARY KEY ("ownerId", "at")
);
CREATE INDEX "RoomSample_at_idx" ON "RoomSample"("at");
