-- CreateIndex
CREATE INDEX "TurnGrant_roomId_createdAt_idx" ON "TurnGrant"("roomId", "createdAt");
